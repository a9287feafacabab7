# Debian packages: libmelitz-dev (headers, any machine); melitz-tools (melitz-solve) and python3-melitz, of this machine's
# kind.
#   cmake --build build && (cd build && cpack)

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
set(CPACK_PACKAGE_CONTACT "The melitz authors <melitz@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")  # each package brings its own; CPack would put this one before it
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL melitz_dev)

set(CPACK_DEBIAN_MELITZ_DEV_PACKAGE_NAME libmelitz-dev)
set(CPACK_DEBIAN_MELITZ_DEV_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_MELITZ_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_MELITZ_DEV_PACKAGE_DEPENDS "libboost-dev (>= 1.74)")
set(CPACK_DEBIAN_MELITZ_DEV_DESCRIPTION
    "trade models with heterogeneous firms (headers)
Closed and open economies in which firms draw their productivity, enter,
export or exit, solved for any law of productivity. Header-only C++20 on
Boost.Math, with files for CMake and pkg-config.")

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

function(_melitz_install_debian_doc package component)
  set(_doc ${CMAKE_INSTALL_DATADIR}/doc/${package})
  install(FILES ${PROJECT_BINARY_DIR}/copyright DESTINATION ${_doc} COMPONENT ${component} EXCLUDE_FROM_ALL)
  if(EXISTS ${PROJECT_SOURCE_DIR}/CHANGELOG.md)
    _melitz_install_gzipped(CHANGELOG.md changelog ${_doc} ${component} EXCLUDE_FROM_ALL)
  endif()
endfunction()

_melitz_install_debian_doc(libmelitz-dev melitz_dev)

if(TARGET melitz-solve)
  list(APPEND CPACK_COMPONENTS_ALL melitz_tools)
  set(CPACK_DEBIAN_MELITZ_TOOLS_PACKAGE_NAME melitz-tools)
  set(CPACK_DEBIAN_MELITZ_TOOLS_PACKAGE_SECTION science)
  set(CPACK_DEBIAN_MELITZ_TOOLS_PACKAGE_SHLIBDEPS ON)
  set(CPACK_DEBIAN_MELITZ_TOOLS_DESCRIPTION
      "trade models with heterogeneous firms (command line)
melitz-solve reads a model from a JSON file and prints its equilibrium as a
table, as JSON, or as CSV over a range of parameters.")
  _melitz_install_debian_doc(melitz-tools melitz_tools)
  _melitz_install_gzipped(docs/man/melitz-solve.1 melitz-solve.1 ${CMAKE_INSTALL_MANDIR}/man1 melitz_tools)
endif()

if(TARGET melitz.python)
  list(APPEND CPACK_COMPONENTS_ALL melitz_python)
  get_property(_python_versions GLOBAL PROPERTY MELITZ_PYTHON_VERSIONS)
  list(GET _python_versions 0 _this)
  list(GET _python_versions 1 _next)
  set(CPACK_DEBIAN_MELITZ_PYTHON_PACKAGE_NAME python3-melitz)
  set(CPACK_DEBIAN_MELITZ_PYTHON_PACKAGE_SECTION python)
  set(CPACK_DEBIAN_MELITZ_PYTHON_PACKAGE_SHLIBDEPS ON)
  set(CPACK_DEBIAN_MELITZ_PYTHON_PACKAGE_DEPENDS "python3 (>= ${_this}), python3 (<< ${_next}), python3-numpy")
  set(CPACK_DEBIAN_MELITZ_PYTHON_PACKAGE_SUGGESTS
      "python3-pandas, python3-xarray, python3-scipy, python3-matplotlib, python3-tqdm")
  set(CPACK_DEBIAN_MELITZ_PYTHON_DESCRIPTION
      "trade models with heterogeneous firms (Python module)
The module melitz solves closed and open economies, and worlds of different
countries, in which firms draw their productivity, enter, export or exit:
one by one, over NumPy arrays of parameters, and with labels of pandas.")
  _melitz_install_debian_doc(python3-melitz melitz_python)
endif()

include(CPack)
