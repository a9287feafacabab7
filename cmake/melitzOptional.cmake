# Searches for what a build can do without. What is there by half (a program without its headers, files for CMake whose
# folders are gone) counts as absent: it must not stop a build that does not need it. Installed beside the package file,
# which searches in the same way.

# Sets `out` to the first folder that a target of a package names and that does not exist; to nothing if there is none.
function(_melitz_missing_folder target out)
  set(${out} "" PARENT_SCOPE)
  if(NOT TARGET ${target})
    return()
  endif()
  get_target_property(_folders ${target} INTERFACE_INCLUDE_DIRECTORIES)
  foreach(_folder IN LISTS _folders)
    if(IS_ABSOLUTE "${_folder}" AND NOT EXISTS "${_folder}")
      set(${out} "${_folder}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

# find_package(PACKAGE ARGUMENTS... QUIET), with PACKAGE_FOUND true only if TARGET can be used; `absence` says what is
# the matter if it cannot.
macro(_melitz_find_optional package target absence)
  set(${absence} "there is none")
  if(TARGET ${target})  # a host project may bring it in its own way
    set(${package}_FOUND TRUE)
  else()
    find_package(${package} ${ARGN} QUIET)
  endif()
  if(${package}_FOUND)
    _melitz_missing_folder(${target} _melitz_missing)
    if(_melitz_missing)
      set(${package}_FOUND FALSE)
      set(${absence} "${${package}_DIR} names ${_melitz_missing}, which does not exist")
    endif()
  endif()
endmacro()

# The same for MPI, with MPI_CXX_FOUND. CMake's own search ends in an error when the compiler wrapper names folders that
# do not exist (Debian has the wrapper and the headers in two packages), so the wrapper is asked before.
macro(_melitz_find_mpi absence)
  set(${absence} "there is none")
  find_program(MPI_CXX_COMPILER NAMES mpicxx mpic++ mpiCC HINTS ${MPI_HOME} ENV MPI_HOME PATH_SUFFIXES bin
               DOC "MPI compiler for CXX")
  set(_melitz_mpi_works TRUE)
  if(MPI_CXX_COMPILER AND NOT CMAKE_CROSSCOMPILING)
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/melitz_mpi.cpp "#include <mpi.h>\n")
    execute_process(COMMAND ${MPI_CXX_COMPILER} -E ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/melitz_mpi.cpp
                    RESULT_VARIABLE _melitz_mpi_result OUTPUT_QUIET ERROR_QUIET)
    if(NOT _melitz_mpi_result EQUAL 0)
      set(_melitz_mpi_works FALSE)
      set(MPI_CXX_FOUND FALSE)
      set(${absence} "${MPI_CXX_COMPILER} does not find mpi.h")
    endif()
  endif()
  if(_melitz_mpi_works)
    find_package(MPI QUIET COMPONENTS CXX)
  endif()
endmacro()
