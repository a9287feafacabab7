# The odr test's two files must not link if the library defines a function that is not inline.

file(REMOVE_RECURSE ${COPY})
file(COPY ${MELITZ}/include/melitz/version.hpp DESTINATION ${COPY}/include/melitz)
file(WRITE ${COPY}/include/melitz/melitz.hpp "#pragma once\n#include <melitz/version.hpp>\nint mistake() { return 1; }\n")

execute_process(COMMAND $ENV{CXX} -std=c++20 -I${COPY}/include ${MELITZ}/tests/odr/one.cpp ${MELITZ}/tests/odr/two.cpp
                        -o ${COPY}/odr
                RESULT_VARIABLE _result ERROR_VARIABLE _output ECHO_ERROR_VARIABLE)
if(_result EQUAL 0 OR NOT _output MATCHES "(multiple definition of|duplicate symbol:?) [`']?mistake")
  message(FATAL_ERROR "The missing `inline` was not found.")
endif()
