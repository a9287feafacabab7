# cmake -D STATUS=number -D MESSAGE=pattern -P fails.cmake -- command...
# The command must end with this status and say on standard error what matches the pattern.

set(_command)
set(_seen FALSE)
math(EXPR _last "${CMAKE_ARGC} - 1")
foreach(_k RANGE ${_last})
  if(_seen)
    list(APPEND _command "${CMAKE_ARGV${_k}}")
  elseif(CMAKE_ARGV${_k} STREQUAL "--")
    set(_seen TRUE)
  endif()
endforeach()

execute_process(COMMAND ${_command} RESULT_VARIABLE _result ERROR_VARIABLE _error OUTPUT_QUIET)
message("${_error}")
if(NOT _result STREQUAL STATUS)
  message(FATAL_ERROR "it ended with status ${_result}, expected ${STATUS}")
endif()
if(NOT _error MATCHES "${MESSAGE}")
  message(FATAL_ERROR "nothing above matches ${MESSAGE}")
endif()
