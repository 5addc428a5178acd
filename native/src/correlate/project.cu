// Projections of standardised rows on a basis: p = V^T z, both in float32, or the first samples of z themselves.
// Shapes: a layer on its way from the host; basis pieces of stored_rank x 256 and projections of rows x rank in device
// memory. 8,192 samples at a time are standardised (standardise.cu) into rows that the kernel multiplies.
//
// A block has 32 rows and 32 directions. Of each stage of 64 samples (17 KiB, the next one arriving by cp.async) its
// four pairs of warps take 16 each, so that many warps are at work on few numbers; a lane has 4 x 4 of them, for which
// it reads 8 numbers of 128 bits for 64 multiplications. Sums of 64 products, from 256 samples, are added up, then
// those of the four parts, then those of 8,192 samples: in all at most 64 + 32 + 3 roundings a term, and one for each
// 8,192.
//
// For W x N elements and k directions: 2 W N k flops and 12 W N bytes: W = 131,072, N = 10,000, k = 61 in float32 2.4
// ms at the 67 TFLOP/s and 5.2 ms at the 3.0 TB/s of an H100, bounds, beside 95 ms for the copy from the host at 55
// GB/s, which hides them. Hence no tensor cores, whose sums are off by more. Emulated, never run on a GPU. Reference:
// basis.cpp.
#include <algorithm>
#include <cmath>

#include "correlate/dot4.cuh"
#include "correlate/projection_error.h"
#include "kernel/ptx.h"
#include "morula_cuda_correlate.h"
#include "standardise/standardise.h"

namespace morula::cuda {

constexpr int64_t projected_samples = 8192;  // standardised at a time
constexpr int project_threads = 256;
constexpr int project_edge = 32;    // rows, and directions, of a block
constexpr int project_depth = 64;   // samples of a stage
constexpr int project_parts = 4;    // in which these are shared out
constexpr int project_chain = 4;    // stages that are added up in one sum
constexpr int project_padding = 4;  // numbers: eight rows, four numbers of each, meet no bank twice

using ProjectPanel = float[project_edge][project_depth + project_padding];
using ProjectStages = ProjectPanel[2][2];  // the rows' and the directions', twice
using ProjectSums = float[4][4];           // rows lane / 4 + 8 i, directions lane % 4 + 4 j of a warp's 32 x 16

struct Projecting {
    float* out;
    const float* rows;
    const float* directions;
    int64_t rank, count, stored_rank, samples;  // a multiple of 256, and as many as a row has
    int first;                                  // whether sums are written rather than added
};

// Starts to copy a stage of 32 rows from `source`, `stride` numbers apart; those from `valid` on are zeros.
__device__ inline void stage_rows(ProjectPanel& panel, const float* source, int64_t stride, int64_t valid) {
    constexpr int groups = project_depth / 4;
    for (int c = static_cast<int>(threadIdx.x); c < project_edge * groups; c += project_threads) {
        const int row = c / groups, k = c % groups * 4;
        const bool present = row < valid;
        copy_async_16(&panel[row][k], present ? source + row * stride + k : source, present ? 16 : 0);
    }
}

__device__ inline void stage_both(ProjectPanel (&stage)[2], const Projecting& p, int64_t row, int64_t direction,
                                  int64_t sample) {
    const float* piece = p.directions + sample / MORULA_PIECE * p.stored_rank * MORULA_PIECE + sample % MORULA_PIECE;
    stage_rows(stage[0], p.rows + row * p.samples + sample, p.samples,
               GPU_MUTANT(project_rows_end, p.count - row, p.count - row + 1));
    stage_rows(stage[1], piece + direction * MORULA_PIECE, MORULA_PIECE,
               GPU_MUTANT(project_directions_end, p.rank - direction, p.rank - direction + 1));
    copy_async_commit();
}

// sums += the products of one part of a stage.
__device__ inline void multiply_part(ProjectSums& sums, const ProjectPanel (&stage)[2], int part, int first_direction) {
    const int lane = static_cast<int>(threadIdx.x) % 32;
    constexpr int depth = project_depth / project_parts;
    for (int k = part * depth; k < (part + 1) * depth; k += 4) {
        float4 rows[4], directions[4];
        for (int i = 0; i < 4; i++) {
            rows[i] = *reinterpret_cast<const float4*>(&stage[0][lane / 4 + 8 * i][k]);
            directions[i] = *reinterpret_cast<const float4*>(&stage[1][first_direction + lane % 4 + 4 * i][k]);
        }
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) sums[i][j] = dot4(rows[i], directions[j], sums[i][j]);
        }
    }
}

__device__ inline void flush(ProjectSums& totals, ProjectSums& sums) {
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
            totals[i][j] += sums[i][j];
            sums[i][j] = 0;
        }
    }
}

__global__ void __launch_bounds__(project_threads, 2) project_rows(Projecting p) {
    GPU_SHARED(ProjectStages, stages);
    const int lane = static_cast<int>(threadIdx.x) % 32, warp = static_cast<int>(threadIdx.x) / 32;
    const int part = warp / 2, first_direction = warp % 2 * 16;
    const int64_t row = static_cast<int64_t>(blockIdx.y) * project_edge;
    const int64_t direction = static_cast<int64_t>(blockIdx.x) * project_edge;
    ProjectSums sums{}, totals{};
    const int64_t turns = p.samples / project_depth;
    stage_both(stages[0], p, row, direction, 0);
    for (int64_t turn = 0; turn < turns; turn++) {
        GPU_MUTANT(project_copy_wait, copy_async_wait<0>(), copy_async_wait<1>());
        GPU_MUTANT(project_stage_barrier, __syncthreads(), (void)0);  // all is there, and the other stage is free
        if (turn + 1 < turns) stage_both(stages[(turn + 1) % 2], p, row, direction, (turn + 1) * project_depth);
        multiply_part(sums, stages[turn % 2], part, first_direction);
        if ((turn + 1) % project_chain == 0) flush(totals, sums);
    }
    // The last of an even number of stages is in the second pair of panels, and all are done with the first.
    using Part = float[project_edge][project_edge + 1];
    static_assert(project_parts * sizeof(Part) <= sizeof(stages[0]), "the parts need more room than two panels");
    auto* parts = reinterpret_cast<Part*>(&stages[GPU_MUTANT(project_parts_place, 0, 1)]);
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) parts[part][lane / 4 + 8 * i][first_direction + lane % 4 + 4 * j] = totals[i][j];
    }
    GPU_MUTANT(project_parts_barrier, __syncthreads(), (void)0);
    for (int e = static_cast<int>(threadIdx.x); e < project_edge * project_edge; e += project_threads) {
        const int r = e / project_edge, d = e % project_edge;
        if (row + r >= p.count || direction + d >= p.rank) continue;
        float sum = parts[0][r][d];
        for (int other = 1; other < project_parts; other++) sum += parts[other][r][d];
        float* out = p.out + (row + r) * p.rank + direction + d;
        *out = p.first != 0 ? sum : GPU_MUTANT(project_add, *out + sum, sum);
    }
}

namespace {

int project_on(morula_cuda_context* context, float* projections, const LayerRows& all, const morula_basis* basis,
               int64_t count) {
    const int64_t padded = round_up(all.samples, MORULA_PIECE), most = std::min(padded, projected_samples);
    const dim3 grid(static_cast<unsigned>(ceil_div(basis->rank, project_edge)),
                    static_cast<unsigned>(ceil_div(count, project_edge)));
    CallMemory memory(context);
    MORULA_CUDA_TRY(memory.allocate(count * most * int64_t{sizeof(float)}));
    for (int64_t from = 0; from < padded; from += most) {
        const int64_t length = std::min(most, padded - from);
        LayerRows some = all;
        some.first_sample = from;
        some.samples = std::min(length, all.samples - from);
        MORULA_CUDA_TRY(standardise_rows(context, memory.at<float>(0), length, some));
        const float* directions = basis->rows + from * basis->stored_rank;
        const Projecting p{projections, memory.at<float>(0), directions, basis->rank,
                           count,       basis->stored_rank,  length,     from == 0 ? 1 : 0};
        GPU_LAUNCH(project_rows, grid, project_threads, 0, context->stream, p);
        MORULA_CUDA_TRY(launched("project_rows"));
    }
    return MORULA_OK;
}

}  // namespace
}  // namespace morula::cuda

using namespace morula::cuda;

extern "C" {

int morula_cuda_project(morula_cuda_context* context, float* projections, const morula_layer* layer,
                        const morula_neurons* neurons, const morula_basis* basis, int64_t rows) {
    MORULA_CUDA_TRY(enter(context));
    SlottedNeurons slotted;
    MORULA_CUDA_TRY(list_slotted(&slotted, layer, neurons));
    LayerRows all{layer, slotted.neurons.data(), slotted.targets.data(), slotted.count(), 0, layer->samples};
    if (all.count == 0) return MORULA_OK;
    if (basis->rows != nullptr) return project_on(context, projections, all, basis, rows);
    all.samples = std::min(layer->samples, basis->rank);
    return standardise_rows(context, projections, basis->rank, all);
}

double morula_cuda_projection_error(const morula_cuda_context*, const morula_basis* basis, int64_t samples) {
    const auto most = static_cast<double>(projected_samples), n = static_cast<double>(samples);
    const double additions = project_chain * project_depth / project_parts +
                             std::ceil(std::fmin(n, most) / MORULA_PIECE) + project_parts - 1 + std::ceil(n / most);
    return morula::projection_error(basis, n, additions);
}

}  // extern "C"
