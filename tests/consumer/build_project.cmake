# cmake -D SOURCE=project -D BINARY=scratch [-D OPTIONS=-DA=1;-DB=2] [-D CONFIGURE_ONLY=ON] -P build_project.cmake
# Configures from nothing, builds and runs a project whose program is called `consumer`, or only configures it.
# Compiler, generator and prefix come from the environment (CXX, CMAKE_GENERATOR, CMAKE_PREFIX_PATH), as they do for a
# user.

file(REMOVE_RECURSE ${BINARY})
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${BINARY} ${OPTIONS} COMMAND_ERROR_IS_FATAL ANY)
if(CONFIGURE_ONLY)
  return()
endif()
execute_process(COMMAND ${CMAKE_COMMAND} --build ${BINARY} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${BINARY}/consumer COMMAND_ERROR_IS_FATAL ANY)
