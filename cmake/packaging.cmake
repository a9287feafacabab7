# Debian packages, each where what it packs is built:
#   libmelitz-dev    the headers, for any machine          melitz-tools     melitz-solve
#   libmelitz-c      the shared library for C, melitz.h    python3-melitz   the module for Debian's Python
#   cmake --build build && (cd build && cpack)
# Built twice, from whatever folder and at whatever time, they are the same to the last byte.

# Debian wants some files compressed. Elsewhere there may be no gzip, and no wish for these packages.
find_program(MELITZ_GZIP gzip)
mark_as_advanced(MELITZ_GZIP)
if(NOT MELITZ_GZIP)
  _melitz_left_out("The Debian packages: they need gzip")
  return()
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
# Where to write to is for who publishes packages to say; the project has no address of its own.
set(MELITZ_CONTACT "The melitz authors" CACHE STRING "Maintainer that the Debian packages name: Name <address>")
set(MELITZ_HOMEPAGE "" CACHE STRING "Where the project, with its issue tracker, is found; the Debian packages name it")
mark_as_advanced(MELITZ_CONTACT MELITZ_HOMEPAGE)
set(CPACK_PACKAGE_CONTACT "${MELITZ_CONTACT}")
if(MELITZ_HOMEPAGE)
  set(CPACK_DEBIAN_PACKAGE_HOMEPAGE "${MELITZ_HOMEPAGE}")
endif()
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")  # each package brings its own; CPack would put this one before it
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL "")
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/packagingModes.cmake)
set(CPACK_POST_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/packagingModes.cmake)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# CPack reads this one when it packs: the date of all files is then that of the last commit.
configure_file(cmake/packagingDate.cmake.in melitzPackagingDate.cmake @ONLY)
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_BINARY_DIR}/melitzPackagingDate.cmake)

# What Debian asks every package to carry. EXCLUDE_FROM_ALL: a plain `cmake --install` has no use for these.
file(READ LICENSE _license)
file(WRITE ${PROJECT_BINARY_DIR}/copyright "Copyright 2026 the melitz authors\n\n${_license}")

# Compressed as Debian wants it: without a name or a time inside (gzip -n).
function(_melitz_install_gzipped file name destination component)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  execute_process(COMMAND ${MELITZ_GZIP} -9nc INPUT_FILE ${PROJECT_SOURCE_DIR}/${file}
                  OUTPUT_FILE ${PROJECT_BINARY_DIR}/${name}.gz COMMAND_ERROR_IS_FATAL ANY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.gz DESTINATION ${destination} COMPONENT ${component} ${ARGN})
endfunction()

# _melitz_package(COMPONENT NAME SECTION DESCRIPTION): a package of what is installed as a component. The description's
# first line is the summary.
macro(_melitz_package component name section description)
  list(APPEND CPACK_COMPONENTS_ALL ${component})
  string(TOUPPER ${component} _upper)
  set(CPACK_DEBIAN_${_upper}_PACKAGE_NAME ${name})
  set(CPACK_DEBIAN_${_upper}_PACKAGE_SECTION ${section})
  set(CPACK_DEBIAN_${_upper}_DESCRIPTION "${description}")
  set(_doc ${CMAKE_INSTALL_DATADIR}/doc/${name})
  install(FILES ${PROJECT_BINARY_DIR}/copyright DESTINATION ${_doc} COMPONENT ${component} EXCLUDE_FROM_ALL)
  if(EXISTS ${PROJECT_SOURCE_DIR}/CHANGELOG.md)
    _melitz_install_gzipped(CHANGELOG.md changelog ${_doc} ${component} EXCLUDE_FROM_ALL)
  endif()
endmacro()

_melitz_package(melitz_dev libmelitz-dev libdevel
    "trade models with heterogeneous firms (headers)
Closed and open economies in which firms draw their productivity, enter,
export or exit, solved for any law of productivity. Header-only C++20 on
Boost.Math, with files for CMake and pkg-config. Models of different countries
also need Eigen, sweeps over a cluster MPI.")
set(CPACK_DEBIAN_MELITZ_DEV_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_MELITZ_DEV_PACKAGE_DEPENDS "libboost-dev (>= 1.74)")
set(CPACK_DEBIAN_MELITZ_DEV_PACKAGE_SUGGESTS "libeigen3-dev (>= 3.4), libopenmpi-dev | libmpich-dev")

if(TARGET melitz-solve)
  _melitz_package(melitz_tools melitz-tools science
      "trade models with heterogeneous firms (command line)
melitz-solve reads a model from a JSON file and prints its equilibrium as a
table, as JSON, or as CSV over a range of parameters.")
  set(CPACK_DEBIAN_MELITZ_TOOLS_PACKAGE_SHLIBDEPS ON)
  _melitz_install_gzipped(docs/man/melitz-solve.1 melitz-solve.1 ${CMAKE_INSTALL_MANDIR}/man1 melitz_tools)
endif()

if(TARGET melitz.c)
  _melitz_package(melitz_c libmelitz-c libs
      "trade models with heterogeneous firms (library for C)
libmelitz has all models behind functions of C, with its header, melitz.h, for
R, Julia, Octave and whatever else can call those.")
  set(CPACK_DEBIAN_MELITZ_C_PACKAGE_SHLIBDEPS ON)
  # The dynamic linker hears of it, and of its going.
  file(WRITE ${PROJECT_BINARY_DIR}/triggers "activate-noawait ldconfig\n")
  set(CPACK_DEBIAN_MELITZ_C_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/triggers)
endif()

if(TARGET melitz.python)
  _melitz_package(melitz_python python3-melitz python
      "trade models with heterogeneous firms (Python module)
The module melitz solves closed and open economies, and worlds of different
countries, in which firms draw their productivity, enter, export or exit:
one by one, over NumPy arrays of parameters, and with labels of pandas.")
  get_property(_versions GLOBAL PROPERTY MELITZ_PYTHON_VERSIONS)  # the one it is compiled for, and the next
  list(GET _versions 0 _this)
  list(GET _versions 1 _next)
  set(CPACK_DEBIAN_MELITZ_PYTHON_PACKAGE_SHLIBDEPS ON)
  set(CPACK_DEBIAN_MELITZ_PYTHON_PACKAGE_DEPENDS "python3 (>= ${_this}), python3 (<< ${_next}), python3-numpy")
  set(CPACK_DEBIAN_MELITZ_PYTHON_PACKAGE_SUGGESTS
      "python3-pandas, python3-xarray, python3-scipy, python3-matplotlib, python3-tqdm")
endif()

include(CPack)
