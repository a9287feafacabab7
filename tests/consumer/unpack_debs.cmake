# cmake -D BUILD=build tree -D SOURCE=source tree -D VERSION=0.1.0 -D TOOLS=ON|OFF -D STAGE=scratch -P unpack_debs.cmake
# Makes the Debian packages, checks what they say and hold, and unpacks them into STAGE.

function(expect what actual pattern)
  if(NOT actual MATCHES "${pattern}")
    message(FATAL_ERROR "${what}: got\n${actual}\nwhich does not match ${pattern}")
  endif()
endfunction()

# Sets OUT_fields and OUT_files for a package.
function(inspect deb out)
  execute_process(COMMAND dpkg-deb -f ${deb} OUTPUT_VARIABLE _fields COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND dpkg-deb --fsys-tarfile ${deb} COMMAND tar t OUTPUT_VARIABLE _files COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[^\n]*[^/\n](\n|$)" _files "${_files}")  # without the folders
  list(TRANSFORM _files STRIP)
  list(SORT _files)
  set(${out}_fields "\n${_fields}" PARENT_SCOPE)
  set(${out}_files "${_files}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${STAGE})
cmake_path(GET CMAKE_COMMAND PARENT_PATH _bin)
execute_process(COMMAND ${_bin}/cpack --config ${BUILD}/CPackConfig.cmake -G DEB -B ${STAGE} COMMAND_ERROR_IS_FATAL ANY)

set(_dev ${STAGE}/libmelitz-dev_${VERSION}_all.deb)
inspect(${_dev} dev)
expect("${_dev}" "${dev_fields}" "\nArchitecture: all\n")
expect("${_dev}" "${dev_fields}" "\nDepends: libboost-dev \\(>= 1\\.74\\)\n")
file(GLOB_RECURSE _headers RELATIVE ${SOURCE}/include ${SOURCE}/include/melitz/*.hpp)
list(TRANSFORM _headers PREPEND ./usr/include/)
set(_wanted ${_headers} ./usr/share/cmake/melitz/melitzConfig.cmake ./usr/share/cmake/melitz/melitzConfigVersion.cmake
            ./usr/share/cmake/melitz/melitzMpiTargets.cmake ./usr/share/cmake/melitz/melitzOptional.cmake
            ./usr/share/cmake/melitz/melitzTargets.cmake
            ./usr/share/cmake/melitz/melitzWorldTargets.cmake
            ./usr/share/doc/libmelitz-dev/copyright ./usr/share/pkgconfig/melitz.pc)
list(FILTER dev_files EXCLUDE REGEX "/changelog\\.gz$")
list(SORT _wanted)
expect("Files of ${_dev}" "${dev_files}" "^${_wanted}$")

if(TOOLS)
  file(GLOB _tools ${STAGE}/melitz-tools_${VERSION}_*.deb)
  inspect(${_tools} tools)
  execute_process(COMMAND dpkg --print-architecture OUTPUT_VARIABLE _here OUTPUT_STRIP_TRAILING_WHITESPACE)
  expect("${_tools}" "${tools_fields}" "\nArchitecture: ${_here}\n")
  expect("${_tools}" "${tools_fields}" "\nDepends: [^\n]*libc6 \\(>= ")
  list(FILTER tools_files EXCLUDE REGEX "/changelog\\.gz$")
  expect("Files of ${_tools}" "${tools_files}" "^./usr/bin/melitz-solve;./usr/share/doc/melitz-tools/copyright;./usr/share/man/man1/melitz-solve.1.gz$")
endif()

foreach(_deb IN ITEMS ${_dev} ${_tools})
  execute_process(COMMAND dpkg-deb -x ${_deb} ${STAGE}/root COMMAND_ERROR_IS_FATAL ANY)
endforeach()
if(TOOLS)
  execute_process(COMMAND ${STAGE}/root/usr/bin/melitz-solve --help COMMAND_ERROR_IS_FATAL ANY)
endif()
