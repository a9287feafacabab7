# headers-stand-alone must find a header that leans on what others include before it.

file(REMOVE_RECURSE ${COPY})
file(COPY ${MELITZ}/CMakeLists.txt ${MELITZ}/cmake ${MELITZ}/LICENSE DESTINATION ${COPY})
file(COPY ${MELITZ}/include/melitz/version.hpp DESTINATION ${COPY}/include/melitz)
file(WRITE ${COPY}/include/melitz/mistake.hpp "#pragma once\ninline std::string mistake() { return {}; }\n")

execute_process(COMMAND ${CMAKE_COMMAND} -S ${COPY} -B ${COPY}/build -D MELITZ_BUILD_TESTS=OFF
                        -D MELITZ_BUILD_EXAMPLES=OFF -D MELITZ_BUILD_SOLVE=OFF -D MELITZ_BUILD_C=OFF -D MELITZ_BUILD_PYTHON=OFF
                        -D MELITZ_BUILD_C=OFF -D MELITZ_INSTALL=OFF COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${COPY}/build --target all_verify_interface_header_sets
                RESULT_VARIABLE _result OUTPUT_VARIABLE _output ERROR_VARIABLE _output ECHO_OUTPUT_VARIABLE)
if(_result EQUAL 0 OR NOT _output MATCHES "mistake\\.hpp:2:[0-9]+: error")
  message(FATAL_ERROR "The missing include was not found.")
endif()
