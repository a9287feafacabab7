# Flags that let a compiler assume that there is no NaN and no infinity: the headers must not compile with them.

foreach(_flag IN ITEMS -ffast-math -Ofast -ffinite-math-only)
  execute_process(COMMAND $ENV{CXX} -std=c++20 ${_flag} -fsyntax-only -I${MELITZ}/include -x c++
                          ${MELITZ}/include/melitz/error.hpp
                  RESULT_VARIABLE _result ERROR_VARIABLE _output)
  if(_result EQUAL 0 OR NOT _output MATCHES "melitz marks failures with NaN")
    message(FATAL_ERROR "The headers compile with ${_flag}: ${_output}")
  endif()
endforeach()
execute_process(COMMAND $ENV{CXX} -std=c++20 -fsyntax-only -I${MELITZ}/include -x c++ ${MELITZ}/include/melitz/error.hpp
                COMMAND_ERROR_IS_FATAL ANY)
