# cmake -D NM=nm -D LIBRARY=libmelitz.so -D HEADER=melitz.h -P exported.cmake
# What libmelitz shows is what its header declares, and nothing else: no C++ that another program's could clash with.

execute_process(COMMAND ${NM} -D --defined-only ${LIBRARY} OUTPUT_VARIABLE _symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^ \n]+\n" _shown "${_symbols}")
list(TRANSFORM _shown STRIP)
list(SORT _shown)
file(READ ${HEADER} _text)
string(REGEX MATCHALL "MELITZ_API [^(;]*(melitz_[a-z_]+)\\(" _declared "${_text}")
list(TRANSFORM _declared REPLACE ".*(melitz_[a-z_]+)\\($" "\\1")
list(SORT _declared)
if(NOT _shown STREQUAL _declared OR NOT _declared)
  message(FATAL_ERROR "The header declares\n  ${_declared}\nand the library shows\n  ${_shown}")
endif()
