# What nvcc makes of one CUDA source for each architecture, in one go: machine code, PTX, and ptxas' figures.
#   cmake -DNVCC=.. -DSOURCE=x.cu -DNAME=.. -DINCLUDE="a;b" -DFOLDER=.. -DARCHITECTURES="80;90;100" -P compile_kernels.cmake
# leaves FOLDER/sm_80/NAME.{ptx,cubin} and so on, FOLDER/NAME.txt and, for make, FOLDER/NAME.d. A spill is an error.
cmake_minimum_required(VERSION 3.22)
set(work "${FOLDER}/${NAME}.work")
file(MAKE_DIRECTORY "${work}")
set(options)
foreach(architecture ${ARCHITECTURES})
  list(APPEND options -gencode arch=compute_${architecture},code=sm_${architecture})
endforeach()
foreach(folder ${INCLUDE})
  list(APPEND options -I ${folder})
endforeach()
execute_process(
  COMMAND ${NVCC} -std=c++17 -O3 ${options} -Werror=all-warnings -Xptxas -v,-warn-spills,-warn-lmem-usage,-Werror
    --keep --keep-dir ${work} -fatbin -MD -MT ${FOLDER}/${NAME}.txt -MF ${FOLDER}/${NAME}.d ${SOURCE}
    -o ${work}/all.fatbin ${DEFINE}
  RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err)
if(NOT status EQUAL 0)
  file(REMOVE_RECURSE "${work}")
  message("${out}${err}")
  message(FATAL_ERROR "nvcc does not take ${SOURCE}, or a kernel in it needs more registers than it has (spills)")
endif()
get_filename_component(stem "${SOURCE}" NAME_WE)
foreach(architecture ${ARCHITECTURES})
  file(MAKE_DIRECTORY "${FOLDER}/sm_${architecture}")
  foreach(kind ptx cubin)
    # of a single one, the name has another form
    file(GLOB made "${work}/${stem}.compute_${architecture}.${kind}" "${work}/${stem}.${kind}"
      "${work}/${stem}.sm_${architecture}.${kind}")
    file(RENAME "${made}" "${FOLDER}/sm_${architecture}/${NAME}.${kind}")
  endforeach()
endforeach()
file(REMOVE_RECURSE "${work}")
file(WRITE "${FOLDER}/${NAME}.txt" "${out}${err}")
