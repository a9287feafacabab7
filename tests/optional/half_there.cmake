# cmake -D MELITZ=sources -D BINARY=scratch -P half_there.cmake
# A machine on which every optional thing is there by half: an MPI compiler that names folders which do not exist (the
# wrapper without the headers, as with Debian's Octave), and files for CMake whose headers are gone. The library must
# configure, say what it leaves out and why, and install; with everything mended, an install must not ask for programs
# that nobody has built.

file(REMOVE_RECURSE ${BINARY})
set(_nowhere ${BINARY}/gone)

file(WRITE ${BINARY}/bin/mpicxx "#!/bin/sh
case $1 in
  -showme:compile) echo '-I${_nowhere}/include' ;;
  -showme:link) echo '-L${_nowhere}/lib -lmpi_cxx -lmpi' ;;
  *) exec \"$CXX\" -I${_nowhere}/include \"$@\" ;;
esac
")
file(CHMOD ${BINARY}/bin/mpicxx PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
set(_half -D MPI_CXX_COMPILER=${BINARY}/bin/mpicxx)
foreach(_package IN ITEMS Eigen3:Eigen nlohmann_json:nlohmann_json CLI11:CLI11)
  string(REPLACE ":" ";" _names ${_package})
  list(GET _names 0 _name)
  string(REPLACE ":" "::" _target ${_package})
  file(WRITE ${BINARY}/packages/${_name}Config.cmake "add_library(${_target} INTERFACE IMPORTED)
set_target_properties(${_target} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES ${_nowhere}/include)
")
  file(WRITE ${BINARY}/packages/${_name}ConfigVersion.cmake "set(PACKAGE_VERSION 99)
set(PACKAGE_VERSION_COMPATIBLE TRUE)
")
  list(APPEND _half -D ${_name}_DIR=${BINARY}/packages)
  list(APPEND _mended -U ${_name}_DIR)
endforeach()

# Of the site's needs a Doxygen that runs, and a folder for KaTeX that has nothing of it.
file(WRITE ${BINARY}/bin/doxygen "#!/bin/sh
echo 1.9.4
")
file(CHMOD ${BINARY}/bin/doxygen PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
list(APPEND _half -D MELITZ_BUILD_DOCS=ON -D DOXYGEN_EXECUTABLE=${BINARY}/bin/doxygen -D MELITZ_KATEX=${BINARY}/packages)
list(APPEND _mended -D MELITZ_BUILD_DOCS=OFF -U DOXYGEN_EXECUTABLE -U MELITZ_KATEX)

function(configure out)
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${MELITZ} -B ${BINARY}/build -D MELITZ_BUILD_TESTS=OFF ${ARGN}
                  RESULT_VARIABLE _result OUTPUT_VARIABLE _output ERROR_VARIABLE _output ECHO_OUTPUT_VARIABLE)
  if(NOT _result EQUAL 0)
    message(FATAL_ERROR "The build is stopped by what it can do without:\n${_output}")
  endif()
  set(${out} "${_output}" PARENT_SCOPE)
endfunction()

configure(_said ${_half})
foreach(_words IN ITEMS "Left out: What needs MPI: [^ ]*/bin/mpicxx does not find mpi\\.h"
                        "Left out: What needs Eigen 3\\.4: [^ ]*/packages names [^ ]*/gone/include, which does not exist"
                        "Left out: melitz-solve"
                        "Left out: libmelitz"
                        "Left out: The site: it needs [^\n]*KaTeX")
  if(NOT _said MATCHES "${_words}")
    message(FATAL_ERROR "Nobody says: ${_words}")
  endif()
endforeach()

configure(_said ${_mended})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BINARY}/build --prefix ${BINARY}/stage OUTPUT_QUIET
                COMMAND_ERROR_IS_FATAL ANY)
if(NOT EXISTS ${BINARY}/stage/include/melitz/melitz.hpp)
  message(FATAL_ERROR "The headers are not installed.")
endif()
