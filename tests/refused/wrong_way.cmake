# A law that includes a tail points the wrong way through the house, and so does one paper's world that includes
# another's: check_rooms.cmake must say so of both.
file(REMOVE_RECURSE ${COPY})
file(WRITE ${COPY}/melitz/law/backwards.hpp "#include <melitz/tail/tail.hpp>\n")
file(WRITE ${COPY}/melitz/worlds/acr/sideways.hpp
     "#include <melitz/worlds/acr/economy.hpp>\n#include <melitz/worlds/chaney/sector.hpp>\n")
execute_process(COMMAND ${CMAKE_COMMAND} -D INCLUDE_DIR=${COPY} -P ${MELITZ}/tests/structure/check_rooms.cmake
                RESULT_VARIABLE _status ERROR_VARIABLE _message OUTPUT_QUIET)
if(_status EQUAL 0 OR NOT _message MATCHES "law/backwards.hpp includes <melitz/tail"
   OR NOT _message MATCHES "worlds/acr/sideways.hpp includes another")
  message(FATAL_ERROR "an include that points the wrong way was not found: ${_message}")
endif()
