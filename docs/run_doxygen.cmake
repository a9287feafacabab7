# cmake -D DOXYGEN=doxygen -D BINARY=folder with the Doxyfile -P run_doxygen.cmake
# Makes the reference pages and fails on what check_html.cmake finds in them and on any warning, except on members that the comment on their class speaks for:
# a class, a function, a concept or a constant of the namespace without a comment is an error.

execute_process(COMMAND ${DOXYGEN} ${BINARY}/Doxyfile COMMAND_ERROR_IS_FATAL ANY)
file(READ ${BINARY}/warnings.txt _warnings)
string(REGEX REPLACE "[^\n]*: Member [^\n]* of (struct|class) [^\n]* is not documented\\.\n" "" _warnings "${_warnings}")
if(NOT _warnings STREQUAL "")
  message(FATAL_ERROR "Doxygen warns:\n${_warnings}")
endif()
set(HTML ${BINARY}/html)
include(${CMAKE_CURRENT_LIST_DIR}/check_html.cmake)
message(STATUS "Reference pages: ${BINARY}/html/index.html")
