# A call that is a mistake does not compile, and the compiler says why within the first fifteen lines as they come, with
# no flag for longer messages. CALL is one of those in calls/mistakes.cpp, TEXT what must stand in those lines.
cmake_minimum_required(VERSION 3.25)

set(_includes ${INCLUDES})
list(REMOVE_ITEM _includes "")
list(TRANSFORM _includes PREPEND -I)
set(ENV{LC_ALL} C)
execute_process(COMMAND $ENV{CXX} -std=c++20 -fsyntax-only -D ${CALL} ${_includes}
                        ${CMAKE_CURRENT_LIST_DIR}/calls/mistakes.cpp
                RESULT_VARIABLE _result ERROR_VARIABLE _output OUTPUT_QUIET)
string(REGEX REPLACE "[][;]" " " _lines "${_output}")
string(REPLACE "\n" ";" _lines "${_lines}")
list(SUBLIST _lines 0 15 _lines)
if(_result EQUAL 0 OR NOT "${_lines}" MATCHES "${TEXT}")
  message(FATAL_ERROR "${CALL}: no '${TEXT}' in the first fifteen lines of the compiler's message:\n${_output}")
endif()
