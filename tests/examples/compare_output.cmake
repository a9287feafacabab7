# cmake -D PROGRAM=program -D CASE=path/of/NAME -D SCRATCH=folder [-D UPDATE=ON] -P compare_output.cmake
# Runs the program in an empty folder and compares what it prints with NAME.txt (see CMakeLists.txt beside this file);
# with UPDATE, stores it there instead.

set(_arguments)
if(EXISTS ${CASE}.args)
  file(STRINGS ${CASE}.args _arguments)
endif()
set(_input /dev/null)
if(EXISTS ${CASE}.in)
  set(_input ${CASE}.in)
endif()
set(_status 0)
if(EXISTS ${CASE}.status)
  file(STRINGS ${CASE}.status _status)
endif()

file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH})
if(EXISTS ${CASE}.csv)
  file(COPY_FILE ${CASE}.csv ${SCRATCH}/data.csv)
endif()
execute_process(COMMAND ${PROGRAM} ${_arguments} WORKING_DIRECTORY ${SCRATCH} INPUT_FILE ${_input}
                OUTPUT_FILE ${SCRATCH}.txt ERROR_FILE ${SCRATCH}.err RESULT_VARIABLE _result)
if(NOT _result EQUAL _status)
  file(READ ${SCRATCH}.err _error)
  message(FATAL_ERROR "${PROGRAM} ended with status ${_result}, expected ${_status}:\n${_error}")
endif()

# Standard error is compared only where somebody stored it: a warning about a tool that is not there is no difference.
set(_kinds txt)
if(EXISTS ${CASE}.err)
  list(APPEND _kinds err)
endif()
foreach(_kind IN LISTS _kinds)
  if(UPDATE)
    file(COPY_FILE ${SCRATCH}.${_kind} ${CASE}.${_kind} ONLY_IF_DIFFERENT)
    continue()
  endif()
  if(NOT EXISTS ${CASE}.${_kind})
    message(FATAL_ERROR "There is no ${CASE}.${_kind}; read ${SCRATCH}.${_kind} and, if it is right, build the target "
                        "update-example-outputs.")
  endif()
  execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${CASE}.${_kind} ${SCRATCH}.${_kind} RESULT_VARIABLE _differ)
  if(_differ)
    execute_process(COMMAND diff -u ${CASE}.${_kind} ${SCRATCH}.${_kind})
    message(FATAL_ERROR "The output is not the stored one. If the change is meant, build the target "
                        "update-example-outputs.")
  endif()
endforeach()
