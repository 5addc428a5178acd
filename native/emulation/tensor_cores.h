// Instructions of tensor cores. How fragments lie in registers is in the PTX manual ("Matrix fragments for mma", one
// section a shape). Products of halves are exact in float32; in which order they are added is the hardware's own, so
// that tests must allow for any.
#ifndef MORULA_EMULATION_TENSOR_CORES_H
#define MORULA_EMULATION_TENSOR_CORES_H

#include <cstdint>

namespace morula::emulation {

// Each computes d += a b for the warp: d is 16 x 8, a 16 x depth, b depth x 8.
void mma_m16n8k8_tf32(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]);
void mma_m16n8k16_bf16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]);
void mma_m16n8k16_f16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]);

// ldmatrix .x4: lanes 8 i to 8 i + 7 give the rows, of 16 bytes each, of the i-th of `count` (1, 2, 4) matrices of 8 x
// 8 halves; every lane gets two neighbouring elements of each, of the transposed matrix on demand.
void load_matrices(uint32_t* result, const void* row, int count, bool transposed);

// 10 fraction bits, to nearest, ties away from zero.
uint32_t round_to_tf32(float value);

}  // namespace morula::emulation

#endif
