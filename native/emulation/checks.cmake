# The layers that test the CUDA sources (README.md says what each shows).
set(checker checker.cpp checker_hooks.cpp checker_profile.cpp mutants.cpp site.cpp)
set(interpreter ptx/bits.cpp ptx/comparisons.cpp ptx/control.cpp ptx/conversions.cpp ptx/entry_parser.cpp ptx/floats.cpp
    ptx/integers.cpp ptx/memory.cpp ptx/module.cpp ptx/opcode.cpp ptx/statements.cpp ptx/tensors.cpp ptx/thread_ptx.cpp
    ptx/warps.cpp)
file(GLOB kernel_tests CONFIGURE_DEPENDS ../../tests/native/cuda/*.cpp)
set(faults ../../tests/native/emulation/faults_test.cu)
set_source_files_properties(${faults} PROPERTIES LANGUAGE CXX COMPILE_OPTIONS "-xc++")

set(sanitized_options -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g1)
# Without scalar replacement of aggregates, a float4 is read as one.
set(checked_options -O1 -g1 -fno-tree-sra -fsanitize=thread)
emulated_objects(emulated_kernels_sanitized "${kernels}" ${kernel_options} ${sanitized_options})
emulated_objects(emulated_kernels_checked "${kernels}" ${kernel_options} ${checked_options}
  -DMORULA_EMULATION_MUTANTS)
emulated_objects(emulator_sanitized "${device}" ${sanitized_options})
emulated_objects(emulator_checked "${device};${checker}" ${MORULA_WARNINGS} -O2 -DMORULA_EMULATION_CHECKER)
emulated_objects(emulator_ptx "${interpreter}" ${MORULA_WARNINGS} -O2 -fwrapv -frounding-math
  -DMORULA_EMULATION_CHECKER)

emulated_library(morula_cuda_sanitized sanitized emulated_kernels_sanitized emulator_sanitized emulator_thread)
target_link_options(morula_cuda_sanitized PRIVATE ${sanitized_options})
emulated_library(morula_cuda_checked checked emulated_kernels_checked emulator_checked emulator_thread)
# nvcc's code for the kernels, with the checker; the host's side is that of the first library.
emulated_library(morula_cuda_ptx ptx emulated_kernels emulator_checked emulator_ptx)

# One program tests all libraries but the sanitized one: LD_LIBRARY_PATH chooses.
add_executable(morula_cuda_tests ${kernel_tests})
target_compile_options(morula_cuda_tests PRIVATE ${MORULA_WARNINGS})
target_link_libraries(morula_cuda_tests PRIVATE morula_cuda_emulated)
add_executable(morula_cuda_tests_sanitized ${kernel_tests})
target_compile_options(morula_cuda_tests_sanitized PRIVATE ${sanitized_options})
target_link_libraries(morula_cuda_tests_sanitized PRIVATE morula_cuda_sanitized)
target_link_options(morula_cuda_tests_sanitized PRIVATE ${sanitized_options})
set_target_properties(morula_cuda_tests_sanitized PROPERTIES INSTALL_RPATH "$ORIGIN/sanitized")

# The emulation's own tests: kernels with faults, and what is to be said of them.
function(emulation_tests name objects)
  add_executable(${name} ${faults})
  foreach(some ${objects})
    target_sources(${name} PRIVATE $<TARGET_OBJECTS:${some}>)
  endforeach()
  emulated_options(${name} ${kernel_options} ${ARGN})
endfunction()
emulation_tests(morula_emulation_tests "emulator;emulator_thread" -O2)
emulation_tests(morula_emulation_tests_sanitized "emulator_sanitized;emulator_thread" ${sanitized_options})
target_link_options(morula_emulation_tests_sanitized PRIVATE ${sanitized_options})
emulation_tests(morula_emulation_tests_checked "emulator_checked;emulator_thread" ${checked_options})
emulation_tests(morula_emulation_tests_ptx "emulator_checked;emulator_ptx" -O1)
set_target_properties(morula_emulation_tests_ptx PROPERTIES ENABLE_EXPORTS ON) # kernels are found by their names

# nvcc's PTX, machine code and figures, one folder for the kernels and one for those with faults.
set(architectures 80 90 100)
get_filename_component(source_folder ../src ABSOLUTE)
get_filename_component(include_folder ../include ABSOLUTE)
function(add_nvcc_output target folder)
  foreach(source ${ARGN})
    get_filename_component(path ${source} ABSOLUTE)
    get_filename_component(stage ${path} DIRECTORY)
    get_filename_component(stage ${stage} NAME)
    get_filename_component(name ${path} NAME_WE)
    set(name ${stage}_${name})
    add_custom_command(OUTPUT ${folder}/${name}.txt
      COMMAND ${CMAKE_COMMAND} -DNVCC=${MORULA_NVCC} -DSOURCE=${path} -DNAME=${name} -DFOLDER=${folder}
        "-DARCHITECTURES=${architectures}" "-DINCLUDE=${include_folder};${source_folder}"
        -P ${CMAKE_CURRENT_SOURCE_DIR}/compile_kernels.cmake
      DEPENDS ${path} compile_kernels.cmake DEPFILE ${folder}/${name}.d COMMENT "nvcc ${stage}/${name}" VERBATIM)
    list(APPEND outputs ${folder}/${name}.txt)
  endforeach()
  add_custom_target(${target} DEPENDS ${outputs})
endfunction()
set(kernel_code ${CMAKE_CURRENT_BINARY_DIR}/nvcc)
set(fault_code ${CMAKE_CURRENT_BINARY_DIR}/nvcc_faults)
add_nvcc_output(morula_cuda_code ${kernel_code} ${kernels})
add_nvcc_output(morula_cuda_fault_code ${fault_code} ${faults})

add_dependencies(morula_cuda_checks morula_cuda_tests morula_cuda_tests_sanitized morula_cuda_checked morula_cuda_ptx
  morula_emulation_tests morula_emulation_tests_sanitized morula_emulation_tests_checked morula_emulation_tests_ptx
  morula_cuda_code morula_cuda_fault_code)

function(emulated_test name)
  cmake_parse_arguments(PARSE_ARGV 1 test "" "" "COMMAND;ENVIRONMENT")
  add_test(NAME ${name} COMMAND ${test_COMMAND})
  set_tests_properties(${name} PROPERTIES ENVIRONMENT "ASAN_OPTIONS=detect_leaks=0;${test_ENVIRONMENT}" TIMEOUT 900)
endfunction()
emulated_test(cuda_emulation COMMAND morula_emulation_tests source)
emulated_test(cuda_emulation_checker COMMAND morula_emulation_tests_checked checker)
emulated_test(cuda_emulation_asan COMMAND morula_emulation_tests_sanitized sanitizer)
set_tests_properties(cuda_emulation_asan PROPERTIES PASS_REGULAR_EXPRESSION heap-buffer-overflow)
foreach(order forward reverse random)
  emulated_test(cuda_${order} COMMAND morula_cuda_tests ENVIRONMENT MORULA_EMULATION_ORDER=${order})
endforeach()
emulated_test(cuda_asan COMMAND morula_cuda_tests_sanitized)
emulated_test(cuda_checker COMMAND morula_cuda_tests
  ENVIRONMENT LD_LIBRARY_PATH=$<TARGET_FILE_DIR:morula_cuda_checked>)
foreach(architecture 80 90)
  emulated_test(cuda_emulation_ptx_${architecture} COMMAND morula_emulation_tests_ptx ptx
    ENVIRONMENT MORULA_EMULATION_PTX=${fault_code}/sm_${architecture})
  emulated_test(cuda_ptx_${architecture} COMMAND morula_cuda_tests
    ENVIRONMENT LD_LIBRARY_PATH=$<TARGET_FILE_DIR:morula_cuda_ptx> MORULA_EMULATION_PTX=${kernel_code}/sm_${architecture})
endforeach()

# A spill stops the build above.
emulated_test(cuda_spill COMMAND ${CMAKE_COMMAND} -DNVCC=${MORULA_NVCC} -DNAME=spilling -DARCHITECTURES=90
  -DSOURCE=${CMAKE_CURRENT_SOURCE_DIR}/../../tests/native/emulation/spilling.cu -DFOLDER=${CMAKE_CURRENT_BINARY_DIR}/spill
  "-DINCLUDE=${include_folder};${source_folder}" -P ${CMAKE_CURRENT_SOURCE_DIR}/compile_kernels.cmake)
set_tests_properties(cuda_spill PROPERTIES PASS_REGULAR_EXPRESSION "ptxas error +: Registers are spilled to local memory in function '[^']*spilling_kernel")

# Registers, shared memory, occupancy and instructions, against the table that is tracked.
add_executable(morula_resources resources/kernel_figures.cpp resources/machine_code.cpp resources/occupancy.cpp
  resources/resources.cpp)
emulated_options(morula_resources ${MORULA_WARNINGS})
set(resource_arguments ${source_folder}/README.md ${kernel_code} ${CMAKE_CUDA_COMPILER_VERSION})
emulated_test(cuda_resources COMMAND morula_resources check ${resource_arguments})
add_custom_target(morula_cuda_resources COMMAND morula_resources update ${resource_arguments} DEPENDS morula_cuda_code)
add_dependencies(morula_cuda_checks morula_resources)

# The tests that name cuBLAS, with a library in its place.
add_library(morula_cuda_blas_double SHARED ../../tests/native/cuda/blas/blas_double.cpp)
set_target_properties(morula_cuda_blas_double PROPERTIES OUTPUT_NAME cublas_emulated SOVERSION 13
  LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/blas)
emulated_options(morula_cuda_blas_double ${MORULA_WARNINGS} -O2)
emulated_test(cuda_blas COMMAND morula_cuda_tests blas
  ENVIRONMENT LD_LIBRARY_PATH=${CMAKE_CURRENT_BINARY_DIR}/blas MORULA_TEST_BLAS=1)

# So that the benchmark for GPUs cannot rot: all of its calls once, on tiny sizes, under the checker.
set(MORULA_BENCHMARKED morula_cuda_emulated)
add_subdirectory(../../bench/gpu gpu)
set_target_properties(morula_gpu_benchmark PROPERTIES INSTALL_RPATH "$ORIGIN/..")
emulated_test(cuda_benchmark COMMAND ${CMAKE_COMMAND} -DBENCHMARK=$<TARGET_FILE:morula_gpu_benchmark>
  -DHEADERS=${include_folder} -DFOLDER=${CMAKE_CURRENT_BINARY_DIR}
  -P ${CMAKE_CURRENT_SOURCE_DIR}/../../bench/gpu/check_entries.cmake
  ENVIRONMENT LD_LIBRARY_PATH=$<TARGET_FILE_DIR:morula_cuda_checked>)
add_dependencies(morula_cuda_checks morula_cuda_blas_double morula_gpu_benchmark)

# Every mutant of the kernels, in the library of the checker.
set(mutants ${CMAKE_CURRENT_BINARY_DIR}/mutants)
file(GENERATE OUTPUT ${mutants}/mutants.settings CONTENT "\
work=${mutants}
sources=${source_folder}
cmake=${CMAKE_COMMAND}
nvcc=${MORULA_NVCC}
nvcc_include='${include_folder}$<SEMICOLON>${source_folder}'
compile_kernels=${CMAKE_CURRENT_SOURCE_DIR}/compile_kernels.cmake
code=${kernel_code}
program=$<TARGET_FILE:morula_cuda_tests>
checked_library=$<TARGET_FILE_DIR:morula_cuda_checked>
ptx_library=$<TARGET_FILE_DIR:morula_cuda_ptx>
blas=${CMAKE_CURRENT_BINARY_DIR}/blas
")
emulated_test(cuda_mutants COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/mutants.sh ${mutants}/mutants.settings)
set_tests_properties(cuda_checker PROPERTIES FIXTURES_SETUP kernels_are_right)
set_tests_properties(cuda_mutants PROPERTIES FIXTURES_REQUIRED kernels_are_right RUN_SERIAL ON)
