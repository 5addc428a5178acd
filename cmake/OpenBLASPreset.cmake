# Imported target OpenBLAS::OpenBLAS for the OpenBLAS that the JavaCPP preset jar ships.
# MORULA_OPENBLAS_ROOT = folder with include/ and libopenblas.so.0, unpacked by Maven.
if(NOT MORULA_OPENBLAS_ROOT)
  message(FATAL_ERROR "MORULA_OPENBLAS_ROOT is not set: build with './mvnw package', or pass "
    "-DMORULA_OPENBLAS_ROOT=<folder with include/cblas.h and libopenblas.so.0>")
endif()
foreach(f include/cblas.h libopenblas.so.0 libgfortran.so.5 libquadmath.so.0)
  if(NOT EXISTS "${MORULA_OPENBLAS_ROOT}/${f}")
    message(FATAL_ERROR "${MORULA_OPENBLAS_ROOT}/${f} is missing")
  endif()
endforeach()
add_library(OpenBLAS::OpenBLAS SHARED IMPORTED GLOBAL)
set_target_properties(OpenBLAS::OpenBLAS PROPERTIES
  IMPORTED_LOCATION "${MORULA_OPENBLAS_ROOT}/libopenblas.so.0"
  IMPORTED_SONAME "libopenblas.so.0"
  INTERFACE_INCLUDE_DIRECTORIES "${MORULA_OPENBLAS_ROOT}/include"
  # libopenblas.so.0 needs libgfortran.so.5 and libquadmath.so.0 beside it
  INTERFACE_LINK_OPTIONS "LINKER:-rpath-link,${MORULA_OPENBLAS_ROOT}")
