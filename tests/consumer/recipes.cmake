# cmake -D SOURCE=source tree -D VERSION=0.1.0 [-D PYTHON=python3] -P recipes.cmake
# Holds the recipes for package managers, which may not be there to try them, to what the build says: the version, the
# options' names, the files that exist.
cmake_minimum_required(VERSION 3.25)

file(READ ${SOURCE}/packaging/vcpkg/melitz/vcpkg.json _manifest)
string(JSON _version GET "${_manifest}" version)
if(NOT _version STREQUAL VERSION)
  message(FATAL_ERROR "packaging/vcpkg/melitz/vcpkg.json: version is ${_version}; it must be ${VERSION}")
endif()

file(READ ${SOURCE}/CMakeLists.txt _build)
file(READ ${SOURCE}/packaging/vcpkg/melitz/portfile.cmake _port)
string(REGEX MATCH "MAYBE_UNUSED_VARIABLES[^\n]*" _unused "${_port}")  # of builds that lack what they are for
string(REGEX MATCHALL "MELITZ_[A-Z_]+" _options "${_port}")
foreach(_option IN LISTS _options)
  if(NOT _build MATCHES "option\\(${_option} " AND NOT _unused MATCHES "${_option}")
    message(FATAL_ERROR "packaging/vcpkg/melitz/portfile.cmake: ${_option} is no option of CMakeLists.txt")
  endif()
endforeach()

# Its own words of Conan apart, the recipe is plain Python; this one reads it without running it.
if(PYTHON)
  execute_process(COMMAND ${PYTHON} -c "import ast, sys; ast.parse(open(sys.argv[1]).read())"
                          ${SOURCE}/packaging/conan/conanfile.py COMMAND_ERROR_IS_FATAL ANY)
endif()
file(STRINGS ${SOURCE}/packaging/conan/conanfile.py _patterns REGEX "for pattern in ")
string(REGEX MATCHALL "\"[^\"]+\"" _patterns "${_patterns}")
list(LENGTH _patterns _count)
if(_count LESS 3)
  message(FATAL_ERROR "packaging/conan/conanfile.py: no list of patterns of files")
endif()
foreach(_pattern IN LISTS _patterns)
  string(REPLACE "\"" "" _pattern ${_pattern})
  file(GLOB _found ${SOURCE}/${_pattern})
  if(NOT _found)
    message(FATAL_ERROR "packaging/conan/conanfile.py: nothing is called ${_pattern}")
  endif()
endforeach()
