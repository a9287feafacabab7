# What a build is without, and which packages would bring it, is said once, at the end of configuration.

# _melitz_left_out(TEXT): what is left out, and why.
function(_melitz_left_out text)
  set_property(GLOBAL APPEND PROPERTY MELITZ_LEFT_OUT "${text}")
endfunction()

function(_melitz_say_what_is_left_out)
  get_property(_all GLOBAL PROPERTY MELITZ_LEFT_OUT)
  foreach(_text IN LISTS _all)
    message(STATUS "Left out: ${_text}")
  endforeach()
endfunction()
