# Configures and builds in one go, for Maven, and then installs into PREFIX or, without one, runs the tests:
#   cmake -DSOURCE=.. -DBUILD=.. [-DPREFIX=..] [-DTARGET=..] -DOPTIONS="-DA=b;-DC=d" -P MavenBuild.cmake
# Quiet when all is well (the compiler's output is in ${BUILD}/build.log), complete when it fails.
cmake_minimum_required(VERSION 3.22)
file(MAKE_DIRECTORY "${BUILD}")
set(log "${BUILD}/build.log")
file(WRITE "${log}" "")
# A bare --parallel means "make -j" without any limit.
cmake_host_system_information(RESULT jobs QUERY NUMBER_OF_LOGICAL_CORES)

function(step what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err)
  file(APPEND "${log}" "${out}${err}")
  if(NOT status EQUAL 0)
    message("${out}${err}")
    message(FATAL_ERROR "${what} failed (${status})")
  endif()
  string(REPLACE "No tests were found!!!\n" "" err "${err}") # those of a GPU library that is not built
  if(NOT "${err}" STREQUAL "")
    message("${err}") # warnings and the CUDA notice
  endif()
endfunction()

if(TARGET)
  set(target --target ${TARGET})
endif()
# Without nvcc, the options of what needs it have no use.
step("CMake configure" ${CMAKE_COMMAND} --no-warn-unused-cli -S ${SOURCE} -B ${BUILD} -DCMAKE_BUILD_TYPE=Release
  ${OPTIONS})
step("native build" ${CMAKE_COMMAND} --build ${BUILD} --parallel ${jobs} ${target})
if(NOT PREFIX)
  step("native tests" ${CMAKE_CTEST_COMMAND} --test-dir ${BUILD} --parallel ${jobs} --output-on-failure)
  return()
endif()
file(REMOVE_RECURSE "${PREFIX}") # what is no longer built, such as the GPU library, must not stay in the jar
step("native install" ${CMAKE_COMMAND} --install ${BUILD} --prefix ${PREFIX})
