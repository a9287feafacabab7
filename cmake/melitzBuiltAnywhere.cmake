# _melitz_built_anywhere(): what the calling directory compiles does not know in which folders source and build tree lie, so
# that what is shipped of it is the same wherever it was built. Not in a Debug build: a debugger looks for the source
# where it is.
macro(_melitz_built_anywhere)
  if(CMAKE_CXX_COMPILER_ID MATCHES "^(GNU|Clang|AppleClang)$")
    # The build tree may lie in the source tree. The later one is looked at first.
    add_compile_options("$<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.>"
                        "$<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${PROJECT_BINARY_DIR}=build>")
  endif()
endmacro()
