// Tiles of two packed panels: launches the kernel of tile.cuh, fetches the list that it leaves, and splits tiles whose
// pairs do not fit there. Bounds on what the products are off by are those of tensor_rounding.h.
#include <algorithm>
#include <cmath>
#include <vector>

#include "correlate/rounding.h"
#include "correlate/tile.cuh"
#include "morula_cuda_correlate.h"

namespace morula::cuda {
namespace {

constexpr int64_t list_room = 1 << 20;  // pairs of a workspace's list

// At the beginning of a workspace; the list of pairs follows.
struct TileHead {
    unsigned long long count, unused[31];
    float left_cuts[panel_rows], right_cuts[panel_rows];
};

float round_down(double x) {
    const float nearest = static_cast<float>(x);
    return static_cast<double>(nearest) <= x ? nearest : std::nextafterf(nearest, -INFINITY);
}

void fill_cuts(float* cuts, const double* thresholds, int64_t position, int64_t rows, double cut) {
    for (int64_t k = 0; k < rows; k++) {
        cuts[k] = round_down(thresholds == nullptr ? cut : thresholds[position + k] + cut);
    }
}

int send_head(morula_cuda_context* context, TileHead* workspace, const morula_tile& tile, double cut) {
    std::vector<TileHead> head(1);
    fill_cuts(head[0].left_cuts, tile.thresholds, tile.left_position, tile.left_rows, cut);
    fill_cuts(head[0].right_cuts, tile.thresholds, tile.right_position, tile.right_rows, cut);
    return morula_cuda_upload(context, workspace, head.data(), int64_t{sizeof(TileHead)});
}

int launch_tile(morula_cuda_context* context, TileHead* head, const morula_tile& t, int64_t capacity) {
    const dim3 grid(static_cast<unsigned>(ceil_div(t.right_rows, tile_edge)),
                    static_cast<unsigned>(ceil_div(t.left_rows, tile_edge)));
    auto* pairs = reinterpret_cast<int64_t*>(head + 1);
    const auto *left = static_cast<const uint4*>(t.left), *negated = static_cast<const uint4*>(t.negated);
    const auto* right = static_cast<const uint4*>(t.right);
    const int absolute = t.sign == MORULA_ABSOLUTE ? 1 : 0;
    const int64_t blocks = blocks_of(t.samples);
    const int left_rows = static_cast<int>(t.left_rows), right_rows = static_cast<int>(t.right_rows);
    const int64_t most = 2 * panel_rows;  // further apart, or the other way round, makes no difference
    const int distance = static_cast<int>(std::max(-most, std::min(most, t.right_position - t.left_position)));
    if (t.samples <= GPU_MUTANT(tile_chain, chain_samples, INT64_MAX)) {
        GPU_LAUNCH((correlate_tile<false>), grid, tile_threads, 0, context->stream, &head->count, pairs, capacity,
                   head->left_cuts, head->right_cuts, left, negated, right, t.left_position, left_rows,
                   t.right_position, right_rows, distance, blocks, absolute);
    } else {
        GPU_LAUNCH((correlate_tile<true>), grid, tile_threads, 0, context->stream, &head->count, pairs, capacity,
                   head->left_cuts, head->right_cuts, left, negated, right, t.left_position, left_rows,
                   t.right_position, right_rows, distance, blocks, absolute);
    }
    return launched("correlate_tile");
}

// The caller's list; count is how many pairs it has so far.
struct List {
    int64_t* pairs;
    int64_t* count;
    int64_t capacity;
};

int add_pairs(morula_cuda_context* context, const List& list, TileHead* head, const morula_tile& tile, double cut);

// The two halves of a tile that has more pairs than the workspace holds, cut across its longer side where a block of
// rows begins: what lies there is the panel of the rows after it.
int add_halves(morula_cuda_context* context, const List& list, TileHead* head, const morula_tile& tile, double cut) {
    const bool across_left = tile.left_rows > tile.right_rows;
    const int64_t half = round_up((across_left ? tile.left_rows : tile.right_rows) / 2, tile_edge);
    const int64_t bytes =
        morula_cuda_packed_bytes(context, across_left ? MORULA_LEFT : MORULA_RIGHT, half, tile.samples);
    const auto behind = [bytes](const void* panel) { return static_cast<const char*>(panel) + bytes; };
    morula_tile first = tile, second = tile;
    if (across_left) {
        first.left_rows = half;
        second.left_rows -= half;
        second.left_position += half;
        second.left = behind(tile.left);
        if (tile.negated != nullptr) second.negated = behind(tile.negated);
    } else {
        first.right_rows = half;
        second.right_rows -= half;
        second.right_position += half;
        second.right = behind(tile.right);
    }
    MORULA_CUDA_TRY(add_pairs(context, list, head, first, cut));
    return add_pairs(context, list, head, second, cut);
}

// Adds the tile's pairs. Most tiles have few; one that has more than the workspace holds is done again in halves.
int add_pairs(morula_cuda_context* context, const List& list, TileHead* head, const morula_tile& tile, double cut) {
    const int64_t left = list.capacity - *list.count;
    MORULA_CUDA_TRY(send_head(context, head, tile, cut));
    MORULA_CUDA_TRY(launch_tile(context, head, tile, std::min(left, list_room)));
    unsigned long long counted = 0;
    MORULA_CUDA_TRY(morula_cuda_download(context, &counted, &head->count, int64_t{sizeof counted}));
    const int64_t found = static_cast<int64_t>(counted);
    if (found > left) {
        return fail(MORULA_OVERFLOW, "%lld pairs passed the cut, the list holds %lld", static_cast<long long>(found),
                    static_cast<long long>(left));
    }
    if (found > list_room) return add_halves(context, list, head, tile, cut);
    MORULA_CUDA_TRY(
        morula_cuda_download(context, list.pairs + *list.count, head + 1, found * int64_t{sizeof(int64_t)}));
    *list.count += found;
    return MORULA_OK;
}

}  // namespace
}  // namespace morula::cuda

using namespace morula::cuda;

extern "C" {

void morula_cuda_panel_rows(const morula_cuda_context*, int64_t* sizes) {
    sizes[0] = panel_rows;
    sizes[1] = panel_rows;
    sizes[2] = 8;
}

int64_t morula_cuda_tile_workspace_bytes(const morula_cuda_context*) {
    return int64_t{sizeof(TileHead)} + list_room * int64_t{sizeof(int64_t)};
}

double morula_cuda_tile_bound(const morula_cuda_context*, double left_error, double right_error, int64_t samples) {
    const double lost = morula::lost_by(tensor_roundings(static_cast<double>(samples)));
    return left_error + right_error + left_error * right_error + lost * (1 + left_error) * (1 + right_error) + 0x1p-100;
}

int morula_cuda_correlate_tile(morula_cuda_context* context, int64_t* pairs, int64_t* count, void* workspace,
                               const morula_tile* tile, double cut, int64_t capacity) {
    *count = 0;
    if (tile->left_rows > panel_rows || tile->right_rows > panel_rows) {
        return fail(MORULA_INVALID_ARGUMENT, "a tile of %lld x %lld neurons: this device takes %lld x %lld at most",
                    static_cast<long long>(tile->left_rows), static_cast<long long>(tile->right_rows),
                    static_cast<long long>(panel_rows), static_cast<long long>(panel_rows));
    }
    if (tile->left_rows < 1 || tile->right_rows < 1) return MORULA_OK;
    MORULA_CUDA_TRY(enter(context));
    const List list{pairs, count, capacity};
    const int status = add_pairs(context, list, static_cast<TileHead*>(workspace), *tile, cut);
    if (status != MORULA_OK) *count = 0;
    return status;
}

}  // extern "C"
