# _melitz_sanitize(TARGET): with MELITZ_SANITIZE, the target is built with the address and undefined-behaviour sanitizers
# and the checked standard library, and not optimised: what is sanitized takes twice as long to compile when it is, and
# runs for a moment in any case.
function(_melitz_sanitize target)
  if(NOT MELITZ_SANITIZE)
    return()
  endif()
  set(_sanitizers -fsanitize=address,undefined -fno-sanitize-recover=undefined)
  target_compile_options(${target} PRIVATE -O0 -g1 -fno-omit-frame-pointer ${_sanitizers})
  target_compile_definitions(${target} PRIVATE _GLIBCXX_ASSERTIONS)
  target_link_options(${target} PRIVATE ${_sanitizers})
endfunction()
