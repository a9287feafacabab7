# Headers have no architecture, so neither have the files that find them: they go to share/, not to lib/.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(_config_dir ${CMAKE_INSTALL_DATADIR}/cmake/melitz)
install(TARGETS melitz EXPORT melitzTargets FILE_SET HEADERS COMPONENT melitz_dev)
install(EXPORT melitzTargets NAMESPACE melitz:: DESTINATION ${_config_dir} COMPONENT melitz_dev)
# Targets of its own for the component that needs MPI, so that the others can be read without it.
install(TARGETS melitz_mpi EXPORT melitzMpiTargets FILE_SET HEADERS COMPONENT melitz_dev)
install(EXPORT melitzMpiTargets NAMESPACE melitz:: DESTINATION ${_config_dir} COMPONENT melitz_dev)
# The same for the one that needs Eigen.
install(TARGETS melitz_world EXPORT melitzWorldTargets FILE_SET HEADERS COMPONENT melitz_dev)
install(TARGETS melitz_policy EXPORT melitzWorldTargets COMPONENT melitz_dev)
install(EXPORT melitzWorldTargets NAMESPACE melitz:: DESTINATION ${_config_dir} COMPONENT melitz_dev)
configure_package_config_file(cmake/melitzConfig.cmake.in melitzConfig.cmake INSTALL_DESTINATION ${_config_dir}
                              NO_SET_AND_CHECK_MACRO)
# The same files in the build tree, for who has no wish to install: find_package(melitz) with melitz_DIR set to it.
foreach(_part "" Mpi World)
  export(EXPORT melitz${_part}Targets NAMESPACE melitz:: FILE ${PROJECT_BINARY_DIR}/melitz${_part}Targets.cmake)
endforeach()
configure_file(cmake/melitzOptional.cmake melitzOptional.cmake COPYONLY)
# While the major version is 0, a new minor version may change the interface.
write_basic_package_version_file(melitzConfigVersion.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/melitzConfig.cmake ${PROJECT_BINARY_DIR}/melitzConfigVersion.cmake
              cmake/melitzOptional.cmake
        DESTINATION ${_config_dir} COMPONENT melitz_dev)

# The .pc file finds its headers from where it lies itself, so the installed tree can be moved.
set(_pc_dir ${CMAKE_INSTALL_DATADIR}/pkgconfig)
file(RELATIVE_PATH _pc_to_include ${CMAKE_INSTALL_PREFIX}/${_pc_dir} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
configure_file(cmake/melitz.pc.in melitz.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/melitz.pc DESTINATION ${_pc_dir} COMPONENT melitz_dev)

# A component of its own: in the .debs the licence has another place and name.
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT melitz_license)
