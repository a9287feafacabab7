# cmake -D SOURCE=sources -D BINARY=scratch -D PREFIX=build tree -D SOLVE=melitz-solve -P from_octave.cmake
# Compiles the glue of fronts/octave as a user does and runs from_octave.m and the example of the how-to.

find_program(_octave octave-cli)
find_program(_mkoctfile mkoctfile)
if(NOT _octave OR NOT _mkoctfile)
  message("Not tried: there is no Octave with mkoctfile (octave-dev)")
  return()
endif()
file(REMOVE_RECURSE ${BINARY})
file(COPY ${SOURCE}/fronts/octave DESTINATION ${BINARY}/copy)
execute_process(COMMAND ${_mkoctfile} --mex melitz_call.c -I${PREFIX}/include -L${PREFIX}/lib -Wl,-rpath,${PREFIX}/lib -lmelitz
                WORKING_DIRECTORY ${BINARY}/copy/octave COMMAND_ERROR_IS_FATAL ANY)
function(run script out)
  execute_process(COMMAND ${_octave} --no-init-file --path ${BINARY}/copy/octave ${script} ${SOLVE}
                  OUTPUT_VARIABLE _said COMMAND_ERROR_IS_FATAL ANY)
  set(${out} "${_said}" PARENT_SCOPE)
endfunction()
run(${SOURCE}/tests/c/from_octave.m _said)
message("${_said}")
run(${SOURCE}/fronts/octave/example.m _said)
file(READ ${SOURCE}/tests/c/octave_example.txt _wanted)
if(NOT _said STREQUAL _wanted)
  message(FATAL_ERROR "The example prints something else than tests/c/octave_example.txt:\n${_said}")
endif()
