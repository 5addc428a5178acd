# One object library per CPU tier, compiled with that tier's instructions and MORULA_TIER_NAMESPACE set. The file's name
# says for which tiers: *_loops.cpp (plain loops that the compiler vectorises) for portable, avx2 and avx512,
# *_simd.cpp for avx2 and avx512, *_avx512.cpp and *_amx.cpp for that one alone. Everything else is compiled for the
# oldest x86-64 (or any other processor), so that it runs before a tier is chosen.
# Nothing reads errno after a function of mathematics, and without it square roots are one instruction.
# Tier sources include no C++ library headers: an inline function of theirs, compiled here with newer instructions, could
# be the copy that the linker keeps for everyone.
set(MORULA_TIER_FLAGS_portable "")
set(MORULA_TIER_FLAGS_avx2 -mavx2 -mfma -mf16c)
set(MORULA_TIER_FLAGS_avx512 ${MORULA_TIER_FLAGS_avx2} -mavx512f -mavx512bw -mavx512dq -mavx512vl -mprefer-vector-width=512)
set(MORULA_TIER_FLAGS_amx ${MORULA_TIER_FLAGS_avx512} -mavx512bf16 -mamx-tile -mamx-bf16 -mamx-int8)

function(morula_add_tiers target)
  cmake_parse_arguments(ARG "" "" "portable;avx2;avx512;amx" ${ARGN})
  foreach(tier portable avx2 avx512 amx)
    if(ARG_${tier} AND (tier STREQUAL portable OR CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64"))
      add_library(${target}_${tier} OBJECT ${ARG_${tier}})
      # Nobody reads errno or the flags of floating-point exceptions; for their sake square roots and selections would
      # not be vectorised. What is computed stays the same, NaN included.
      # GCC 12 takes the _mm*_undefined of its own intrinsics for a mistake (GCC bug 105593).
      target_compile_options(${target}_${tier} PRIVATE ${MORULA_WARNINGS} -Wno-maybe-uninitialized -Wno-uninitialized -fno-math-errno -fno-trapping-math -fopenmp-simd ${MORULA_TIER_FLAGS_${tier}})
      target_compile_definitions(${target}_${tier} PRIVATE MORULA_TIER_NAMESPACE=${tier} MORULA_TIER_${tier})
      target_include_directories(${target}_${tier} PRIVATE include src)
      target_sources(${target} PRIVATE $<TARGET_OBJECTS:${target}_${tier}>)
      target_compile_definitions(${target} PRIVATE MORULA_HAVE_${tier})
    endif()
  endforeach()
endfunction()
