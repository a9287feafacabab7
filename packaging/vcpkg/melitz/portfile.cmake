# The source is the repository that this port lies in, so that it serves as an overlay:
#   vcpkg install melitz --overlay-ports=melitz/packaging/vcpkg
# A port in a registry takes a release's archive here instead, by vcpkg_from_github or the like.
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

vcpkg_check_features(OUT_FEATURE_OPTIONS FEATURE_OPTIONS FEATURES tools MELITZ_BUILD_SOLVE)
# What each option leaves out, the headers of mpi and world do not need: they are installed in any case.
vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS
    ${FEATURE_OPTIONS}
    -DMELITZ_BUILD_TESTS=OFF
    -DMELITZ_BUILD_EXAMPLES=OFF
    -DMELITZ_BUILD_C=OFF
    -DMELITZ_BUILD_PYTHON=OFF
    -DMELITZ_MPI=OFF
  MAYBE_UNUSED_VARIABLES MELITZ_BUILD_C MELITZ_BUILD_PYTHON
)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/melitz)
vcpkg_fixup_pkgconfig()
if("tools" IN_LIST FEATURES)
  vcpkg_copy_tools(TOOL_NAMES melitz-solve AUTO_CLEAN)
endif()
# Headers are the same in both configurations.
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug" "${CURRENT_PACKAGES_DIR}/lib")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
