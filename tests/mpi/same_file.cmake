# cmake -D MPIEXEC=mpirun -D FLAG=-n -D PROGRAM=cluster_sweep -D SCRATCH=folder -P same_file.cmake
# The file that cluster_sweep writes has the same bytes whether it runs alone, without mpirun, or on 1, 3 or 4 ranks; also
# when there are fewer economies than ranks, or none.

file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH})

function(compare name lines)  # further arguments go to the program
  execute_process(COMMAND ${PROGRAM} ${ARGN} --output ${SCRATCH}/${name}.csv OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  file(STRINGS ${SCRATCH}/${name}.csv _rows)
  list(LENGTH _rows _length)
  if(NOT _length EQUAL lines)
    message(FATAL_ERROR "${name}.csv has ${_length} lines, expected ${lines}")
  endif()
  foreach(_count IN ITEMS 1 3 4)
    set(_file ${SCRATCH}/${name}_${_count}.csv)
    execute_process(COMMAND ${MPIEXEC} ${FLAG} ${_count} ${PROGRAM} ${ARGN} --output ${_file} COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${SCRATCH}/${name}.csv ${_file} RESULT_VARIABLE _differ)
    if(_differ)
      message(FATAL_ERROR "${_file} differs from ${name}.csv")
    endif()
  endforeach()
endfunction()

compare(batches 1501 --points 1500 --batch 600)
compare(not_solved 301 --points 300 --max-evaluations 1)
file(READ ${SCRATCH}/not_solved.csv _rows)
if(NOT _rows MATCHES ",iteration_limit,,,,\n")
  message(FATAL_ERROR "in not_solved.csv some economies must be without numbers")
endif()
compare(few 3 --points 2)
compare(none 1 --points 0)
