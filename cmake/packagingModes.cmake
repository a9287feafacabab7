# Read by CPack before it makes packages of what it has installed, and again when they are made: who may read what in them
# does not depend on the mask of who packs, neither folders nor, in the .deb itself, its three parts.
if(NOT CPACK_PACKAGE_FILES)
  file(CHMOD_RECURSE ${CPACK_TEMPORARY_DIRECTORY} DIRECTORY_PERMISSIONS
       OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  return()
endif()
# An archive of `ar`: eight bytes, then each part after a head of 60, with its mode in octal at 40, its size at 48, and so
# that the next begins at an even place.
foreach(_file IN LISTS CPACK_PACKAGE_FILES)
  set(_at 8)
  foreach(_part RANGE 1 3)
    math(EXPR _mode "${_at} + 40")
    math(EXPR _place "${_at} + 48")
    file(READ ${_file} _size OFFSET ${_place} LIMIT 10)
    string(STRIP "${_size}" _size)
    if(NOT _size MATCHES "^[0-9]+$")
      message(FATAL_ERROR "${_file} is no archive of three parts")
    endif()
    execute_process(COMMAND printf "100644  " COMMAND dd of=${_file} bs=1 seek=${_mode} conv=notrunc
                    ERROR_QUIET COMMAND_ERROR_IS_FATAL ANY)
    math(EXPR _at "${_at} + 60 + ${_size} + ${_size} % 2")
  endforeach()
endforeach()
