# cmake -D SOURCE=sources -D BINARY=scratch -D PREFIX=build tree -D SOLVE=melitz-solve -P from_r.cmake
# Installs the package of fronts/r as a user does, into a folder of its own, and runs from_r.R and the example of the how-to.

find_program(_r R)
find_program(_rscript Rscript)
if(NOT _r OR NOT _rscript)
  message("Not tried: there is no R")
  return()
endif()
execute_process(COMMAND ${_rscript} -e "quit(status = !requireNamespace('jsonlite', quietly = TRUE))"
                RESULT_VARIABLE _missing OUTPUT_QUIET ERROR_QUIET)
if(NOT _missing EQUAL 0)
  message("Not tried: R has no jsonlite (r-cran-jsonlite)")
  return()
endif()

file(REMOVE_RECURSE ${BINARY})
file(COPY ${SOURCE}/fronts/r DESTINATION ${BINARY}/copy)
file(MAKE_DIRECTORY ${BINARY}/library)
set(ENV{MELITZ_PREFIX} ${PREFIX})
execute_process(COMMAND ${_r} CMD INSTALL --library=${BINARY}/library ${BINARY}/copy/r
                OUTPUT_VARIABLE _said ERROR_VARIABLE _said RESULT_VARIABLE _result)
if(NOT _result EQUAL 0 OR _said MATCHES "[Ww]arning")
  message(FATAL_ERROR "The package is not installed without a word:\n${_said}")
endif()
set(ENV{R_LIBS} ${BINARY}/library)
execute_process(COMMAND ${_rscript} ${SOURCE}/tests/c/from_r.R ${SOLVE} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${_rscript} ${SOURCE}/fronts/r/example.R OUTPUT_FILE ${BINARY}/example.txt COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${BINARY}/example.txt ${SOURCE}/tests/c/r_example.txt
                RESULT_VARIABLE _differs)
if(NOT _differs EQUAL 0)
  file(READ ${BINARY}/example.txt _said)
  message(FATAL_ERROR "The example prints something else than tests/c/r_example.txt:\n${_said}")
endif()
