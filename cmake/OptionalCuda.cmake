# Sets MORULA_HAVE_CUDA; enables the CUDA language only where a working nvcc is found.
set(MORULA_CUDA "AUTO" CACHE STRING "build the CUDA library: AUTO, ON or OFF")
set(MORULA_CUDA_ARCHITECTURES "80-real;90-real;100" CACHE STRING "SASS for sm_80 and sm_90, SASS and PTX for compute_100")
set(MORULA_HAVE_CUDA FALSE)
set(why "")
if(NOT MORULA_CUDA STREQUAL "OFF")
  find_program(MORULA_NVCC nvcc
    HINTS $ENV{CUDACXX} $ENV{CUDA_HOME}/bin $ENV{CUDA_PATH}/bin PATHS /usr/local/cuda/bin /opt/cuda/bin)
  if(NOT MORULA_NVCC)
    set(why "no nvcc in PATH, CUDA_HOME, CUDA_PATH or /usr/local/cuda")
  else()
    set(ENV{CUDACXX} "${MORULA_NVCC}") # not CMAKE_CUDA_COMPILER: check_language() would then check nothing
    set(CMAKE_CUDA_ARCHITECTURES "${MORULA_CUDA_ARCHITECTURES}")
    include(CheckLanguage)
    check_language(CUDA) # tries it in a sub-project; does not stop this one
    if(CMAKE_CUDA_COMPILER)
      enable_language(CUDA)
      set(MORULA_HAVE_CUDA TRUE)
      set(MORULA_CUDA_INCLUDE "${CMAKE_CUDA_TOOLKIT_INCLUDE_DIRECTORIES}") # for the emulation
      message(STATUS "CUDA: ${MORULA_NVCC} ${CMAKE_CUDA_COMPILER_VERSION}, architectures ${CMAKE_CUDA_ARCHITECTURES}")
    else()
      set(why "${MORULA_NVCC} cannot compile here (host compiler too new for it?), see CMakeFiles/CMakeError.log")
    endif()
  endif()
endif()
if(NOT MORULA_HAVE_CUDA)
  if(MORULA_CUDA STREQUAL "ON")
    message(FATAL_ERROR "MORULA_CUDA=ON, but: ${why}")
  endif()
  if(NOT MORULA_CUDA STREQUAL "OFF" AND NOT MORULA_CUDA_EMULATION) # who switched it off knows, and once is enough
    message(NOTICE "CUDA: GPU library NOT built nor tested: ${why}. The CPU backend is complete without it.")
  endif()
endif()
