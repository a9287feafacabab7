# cmake -D SOURCE=main.cpp -D BINARY=scratch -D FLAGS=-I... [-D PKG_CONFIG=pkg-config] -P compile.cmake
# Compiles by the compiler's own command line, without CMake's help, and runs the result.

if(PKG_CONFIG)
  execute_process(COMMAND ${PKG_CONFIG} --cflags "melitz >= 0.1" OUTPUT_VARIABLE _cflags COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(_cflags UNIX_COMMAND "${_cflags}")
endif()
file(REMOVE_RECURSE ${BINARY})
file(MAKE_DIRECTORY ${BINARY})
execute_process(COMMAND $ENV{CXX} -std=c++20 ${_cflags} ${FLAGS} ${SOURCE} -o ${BINARY}/consumer
                COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${BINARY}/consumer COMMAND_ERROR_IS_FATAL ANY)
