# cmake -D BUILD=build tree -D SOURCE=source tree -D VERSION=0.1.0 -D PACKAGES=names -D STAGE=scratch -P unpack_debs.cmake
# Makes the Debian packages, checks what they say and hold, that they are the same when made again, elsewhere and under
# another mask, and unpacks them into STAGE. PACKAGES: those that must be there besides libmelitz-dev.

cmake_minimum_required(VERSION 3.25)

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

# Packs a build tree into a folder, without what a user's shell may say of dates.
function(pack build folder mask)
  execute_process(COMMAND sh -c "umask ${mask} && exec env -u SOURCE_DATE_EPOCH \"$0\" \"$@\"" ${_bin}/cpack
                          --config ${build}/CPackConfig.cmake -G DEB -B ${folder} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# To the last byte, but for those that only the first folder has.
function(expect_the_same first second patterns)
  foreach(_pattern IN LISTS patterns)
    file(GLOB _debs RELATIVE ${first} ${first}/${_pattern})
    if(NOT _debs)
      message(FATAL_ERROR "no ${_pattern} in ${first}")
    endif()
    foreach(_deb IN LISTS _debs)
      file(SHA256 ${first}/${_deb} _sum)
      file(SHA256 ${second}/${_deb} _other)
      if(NOT _sum STREQUAL _other)
        message(FATAL_ERROR "${first}/${_deb} and ${second}/${_deb} differ")
      endif()
    endforeach()
  endforeach()
endfunction()

file(REMOVE_RECURSE ${STAGE})
cmake_path(GET CMAKE_COMMAND PARENT_PATH _bin)
pack(${BUILD} ${STAGE} 022)
set(_patterns libmelitz-dev_*.deb)
foreach(_package IN LISTS PACKAGES)
  list(APPEND _patterns ${_package}_*.deb)
endforeach()
pack(${BUILD} ${STAGE}/again 077)
expect_the_same(${STAGE} ${STAGE}/again "${_patterns}")
# From another build tree, in which nothing has to be compiled.
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${STAGE}/elsewhere -D MELITZ_BUILD_TESTS=OFF
                        -D MELITZ_BUILD_EXAMPLES=OFF -D MELITZ_BUILD_SOLVE=OFF -D MELITZ_BUILD_C=OFF
                        -D MELITZ_BUILD_PYTHON=OFF -D MELITZ_MPI=OFF -D MELITZ_EIGEN=OFF
                        -D CMAKE_SKIP_INSTALL_ALL_DEPENDENCY=ON --no-warn-unused-cli
                COMMAND_ERROR_IS_FATAL ANY)
pack(${STAGE}/elsewhere ${STAGE}/other 022)
expect_the_same(${STAGE} ${STAGE}/other libmelitz-dev_*.deb)
file(GLOB _others RELATIVE ${STAGE}/other ${STAGE}/other/*.deb)
expect("Packages of a build without programs" "${_others}" "^libmelitz-dev_${VERSION}_all\\.deb$")

set(_dev ${STAGE}/libmelitz-dev_${VERSION}_all.deb)
inspect(${_dev} dev)
expect("${_dev}" "${dev_fields}" "\nArchitecture: all\n")
expect("${_dev}" "${dev_fields}" "\nDepends: libboost-dev \\(>= 1\\.74\\)\n")
expect("${_dev}" "${dev_fields}" "\nSuggests: libeigen3-dev[^\n]*, libopenmpi-dev \\| libmpich-dev\n")
expect("${_dev}" "${dev_fields}" "\nMaintainer: The melitz authors\n")
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

# Those of this machine's kind: sets NAME_files.
function(inspect_built name)
  file(GLOB _deb ${STAGE}/${name}_${VERSION}_*.deb)
  inspect(${_deb} built)
  execute_process(COMMAND dpkg --print-architecture OUTPUT_VARIABLE _here OUTPUT_STRIP_TRAILING_WHITESPACE)
  expect("${_deb}" "${built_fields}" "\nArchitecture: ${_here}\n")
  expect("${_deb}" "${built_fields}" "\nDepends: [^\n]*libc6 \\(>= ")
  list(FILTER built_files EXCLUDE REGEX "/changelog\\.gz$")
  set(files "${built_files}" PARENT_SCOPE)
endfunction()

if(melitz-tools IN_LIST PACKAGES)
  inspect_built(melitz-tools)
  expect("Files of melitz-tools" "${files}" "^./usr/bin/melitz-solve;./usr/share/doc/melitz-tools/copyright;./usr/share/man/man1/melitz-solve.1.gz$")
endif()
if(libmelitz-c IN_LIST PACKAGES)
  inspect_built(libmelitz-c)
  expect("Files of libmelitz-c" "${files}" ";?./usr/include/melitz.h;.*/libmelitz\\.so;.*/libmelitz\\.so\\.[0-9.]+;.*/pkgconfig/melitz-c\\.pc;")
  file(GLOB _deb ${STAGE}/libmelitz-c_*.deb)
  execute_process(COMMAND dpkg-deb -I ${_deb} triggers OUTPUT_VARIABLE _triggers COMMAND_ERROR_IS_FATAL ANY)
  expect("Triggers of libmelitz-c" "${_triggers}" "^activate-noawait ldconfig\n$")
endif()
if(python3-melitz IN_LIST PACKAGES)
  inspect_built(python3-melitz)
  expect("Files of python3-melitz" "${files}" "/dist-packages/melitz/__init__\\.py;.*/dist-packages/melitz/_core\\.[^;/]+\\.so;")
endif()

foreach(_pattern IN LISTS _patterns)
  file(GLOB _deb ${STAGE}/${_pattern})
  execute_process(COMMAND dpkg-deb -x ${_deb} ${STAGE}/root COMMAND_ERROR_IS_FATAL ANY)
endforeach()
# Nothing in them says where they were built: another folder would give other bytes.
file(GLOB_RECURSE _all ${STAGE}/root/*)
foreach(_file IN LISTS _all)
  file(READ ${_file} _bytes LIMIT 4 HEX)
  if(_bytes STREQUAL "7f454c46")
    foreach(_folder IN ITEMS ${SOURCE} ${BUILD})
      execute_process(COMMAND grep -c -F ${_folder} ${_file} OUTPUT_VARIABLE _count RESULT_VARIABLE _found)
      if(NOT _found EQUAL 1)  # grep's word for none
        message(FATAL_ERROR "${_file} names the folder ${_folder}")
      endif()
    endforeach()
  endif()
endforeach()
if(melitz-tools IN_LIST PACKAGES)
  execute_process(COMMAND ${STAGE}/root/usr/bin/melitz-solve --help COMMAND_ERROR_IS_FATAL ANY)
endif()
