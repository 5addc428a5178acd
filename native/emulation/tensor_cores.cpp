#include "tensor_cores.h"

#include <cuda_fp16.h>

#include <cstring>

#include "checker.h"
#include "device.h"

namespace morula::emulation {
namespace {

constexpr uint32_t whole_warp = 0xffffffffu;
constexpr int rows = 16, columns = 8;

float float_of(uint32_t bits) { return from_bits<float>(bits); }
float tf32(uint32_t bits) { return float_of(bits & 0xffffe000u); }  // what the hardware ignores
float bf16(uint32_t pair, int which) { return float_of(which != 0 ? pair & 0xffff0000u : pair << 16); }
float f16(uint32_t pair, int which) {
    return __half2float(__ushort_as_half(static_cast<unsigned short>(which != 0 ? pair >> 16 : pair)));
}

struct Fragments {
    float* d;
    const uint32_t* a;
    const uint32_t* b;
};

const Fragments& of(const Fiber* lane) { return *reinterpret_cast<const Fragments*>(lane->value); }

// Where the i-th element of a lane's d lies.
struct Place {
    int row, column;
};
Place place(int lane, int i) { return {lane / 4 + i / 2 * 8, lane % 4 * 2 + i % 2}; }

template <int depth>
void multiply(Fiber** lanes, const float (&a)[rows][depth], const float (&b)[depth][columns]) {
    float d[rows][columns];
    for (int lane = 0; lane < warp_size; lane++) {
        for (int i = 0; i < 4; i++) d[place(lane, i).row][place(lane, i).column] = of(lanes[lane]).d[i];
    }
    for (int i = 0; i < rows; i++) {
        for (int k = 0; k < depth; k++) {
            for (int j = 0; j < columns; j++) d[i][j] += a[i][k] * b[k][j];
        }
    }
    for (int lane = 0; lane < warp_size; lane++) {
        for (int i = 0; i < 4; i++) of(lanes[lane]).d[i] = d[place(lane, i).row][place(lane, i).column];
    }
}

void multiply_tf32(Fiber** lanes) {
    float a[rows][8], b[8][columns];
    for (int lane = 0; lane < warp_size; lane++) {
        const int group = lane / 4, in_group = lane % 4;
        const Fragments& mine = of(lanes[lane]);
        for (int i = 0; i < 4; i++) a[group + i % 2 * 8][in_group + i / 2 * 4] = tf32(mine.a[i]);
        for (int i = 0; i < 2; i++) b[in_group + i * 4][group] = tf32(mine.b[i]);
    }
    multiply(lanes, a, b);
}

template <float (*half)(uint32_t pair, int which)>
void multiply_halves(Fiber** lanes) {
    float a[rows][16], b[16][columns];
    for (int lane = 0; lane < warp_size; lane++) {
        const int group = lane / 4, in_group = lane % 4;
        const Fragments& mine = of(lanes[lane]);
        for (int which = 0; which < 2; which++) {
            for (int i = 0; i < 4; i++) {
                a[group + i % 2 * 8][in_group * 2 + which + i / 2 * 8] = half(mine.a[i], which);
            }
            for (int i = 0; i < 2; i++) b[in_group * 2 + which + i * 8][group] = half(mine.b[i], which);
        }
    }
    multiply(lanes, a, b);
}

void together(const void* mine, const char* what, Together compute) {
    warp_operation(Operation::together, whole_warp, reinterpret_cast<uint64_t>(mine), 0, warp_size, what, compute);
}

struct MatrixLoad {
    uint32_t* result;
    uint16_t row[8];
    int count;
    bool transposed;
};

void distribute(Fiber** lanes) {
    const auto load = [&](int lane) -> MatrixLoad& { return *reinterpret_cast<MatrixLoad*>(lanes[lane]->value); };
    for (int lane = 0; lane < warp_size; lane++) {
        const MatrixLoad& mine = load(lane);
        for (int i = 0; i < mine.count; i++) {
            const int row = lane / 4, column = lane % 4 * 2;
            const auto element = [&](int r, int c) -> uint32_t { return load(i * 8 + r).row[c]; };
            mine.result[i] = mine.transposed ? element(column, row) | element(column + 1, row) << 16
                                             : element(row, column) | element(row, column + 1) << 16;
        }
    }
}

}  // namespace

void mma_m16n8k8_tf32(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
    const Fragments mine{d, a, b};
    together(&mine, "mma.m16n8k8.tf32", multiply_tf32);
}

void mma_m16n8k16_bf16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
    const Fragments mine{d, a, b};
    together(&mine, "mma.m16n8k16.bf16", multiply_halves<bf16>);
}

void mma_m16n8k16_f16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
    const Fragments mine{d, a, b};
    together(&mine, "mma.m16n8k16.f16", multiply_halves<f16>);
}

void load_matrices(uint32_t* result, const void* row, int count, bool transposed) {
    const uintptr_t site = reinterpret_cast<uintptr_t>(__builtin_return_address(0));
    MatrixLoad mine{result, {}, count, transposed};
    if (lane() < count * 8) {
        if (reinterpret_cast<uintptr_t>(row) % sizeof mine.row != 0) fail("ldmatrix: a row is not at a multiple of 16");
        checker::access(row, sizeof mine.row, checker::Access::read, site);
        std::memcpy(mine.row, row, sizeof mine.row);
    }
    together(&mine, "ldmatrix", distribute);
}

uint32_t round_to_tf32(float value) {
    if (value != value) return 0x7fffffffu;
    return (static_cast<uint32_t>(to_bits(value)) + 0x1000u) & 0xffffe000u;
}

}  // namespace morula::emulation
