// Ridge regression from a chunk of neurons to the whole layer, and the correlations of what it leaves, from the layer's
// Gram matrix alone. With every neuron scaled to length 1, so that the Gram matrix G holds correlations, and alpha
// scaled along with it:
//     L L^T = G_II + alpha,   Y = L^-1 G_I.,   B = L^-T Y (the coefficients),   R = G - Y^T Y - alpha B^T B,
// where R is the Gram matrix of the residuals: a share of a neuron's variance that is left on the diagonal. It is made
// in tiles, which are reduced to sums at once. What needs no work:
//   - A chunk predicts its own neurons but for alpha: R_kk <= alpha^2 (A^-1)_kk, A = G_II + alpha. If that is nothing,
//     which it is unless alpha is large for the layer's scale, the columns of the chunk are left out everywhere.
//   - alpha |b_j|^2 <= alpha trace(A^-1) |y_j|^2. Where that is below 1e-9 of R_jj for all j, the product of B cannot
//     change a correlation by more, and B is not computed.
// A chunk with neurons that depend on others is factored with pivoting, and those are left out of it. Nothing here is
// once a tier: OpenBLAS and LAPACK do it. Timed by ChunkFitBenchmark.
#include <cblas.h>
#include <lapack.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <vector>

#include "kernel/context.h"
#include "morula_redundancy.h"

namespace morula {
namespace {

constexpr int64_t kSide = 256;        // neurons of a tile
constexpr double kNothing = 1e-12;    // share of a neuron's variance that counts as none
constexpr double kNegligible = 1e-9;  // change of a correlation

long long shown(int64_t n) { return static_cast<long long>(n); }
double square(double x) { return x * x; }

int check_chunk(const int32_t* chunk, int64_t size, int64_t neurons) {
    for (int64_t k = 0; k < size; k++) {
        if (chunk[k] < 0 || chunk[k] >= neurons) {
            return fail(MORULA_INVALID_ARGUMENT, "neuron %d in a chunk of a layer of %lld", chunk[k], shown(neurons));
        }
    }
    return MORULA_OK;
}

class ChunkFit {
  public:
    ChunkFit(const double* gram, const int32_t* chunk, double* workspace, const morula_chunk_shape& shape, double alpha)
        : gram_(gram),
          neurons_(shape.neurons),
          stride_(shape.chunk),
          alpha_(alpha),
          factor_(workspace),
          rows_(workspace + stride_ * stride_),
          scale_(static_cast<size_t>(neurons_)),
          inside_(static_cast<size_t>(neurons_)) {
        for (int64_t j = 0; j < neurons_; j++) {
            const double own = gram_[j * neurons_ + j];
            scale_[static_cast<size_t>(j)] = own > 0 ? 1 / std::sqrt(own) : 0;
        }
        for (int64_t k = 0; k < stride_; k++) {
            inside_[static_cast<size_t>(chunk[k])] = true;
            if (scale(chunk[k]) > 0) chunk_.push_back(chunk[k]);
        }
    }

    void run(morula_chunk_sums* sums) {
        factor();
        std::vector<double> inverse = inverse_diagonal();
        const bool predicts_itself = leaves_nothing_inside(inverse);
        for (int64_t j = 0; j < neurons_; j++) {
            if (scale(j) > 0 && !(predicts_itself && inside_[static_cast<size_t>(j)])) columns_.push_back(j);
        }
        solve();
        measure(rank());
        double trace = 0;
        for (const double x : inverse) trace += x;
        depth_ = rank();
        if (matters(alpha_ * trace)) {
            add_coefficients();
            measure(depth_);
        }
        *sums = {};
        sum_squares(sums);
        sum_correlations(sums);
    }

  private:
    double scale(int64_t neuron) const { return scale_[static_cast<size_t>(neuron)]; }
    int64_t rank() const { return static_cast<int64_t>(chunk_.size()); }
    int64_t width() const { return static_cast<int64_t>(columns_.size()); }
    double correlation(int64_t i, int64_t j) const { return gram_[i * neurons_ + j] * scale(i) * scale(j); }

    // The lower triangle, as rows here and as columns of its transpose to LAPACK, of the chunk's own matrix.
    void gather_own() {
        for (int64_t k = 0; k < rank(); k++) {
            const int64_t neuron = chunk_[static_cast<size_t>(k)];
            for (int64_t l = 0; l < k; l++) {
                factor_[k * stride_ + l] = correlation(neuron, chunk_[static_cast<size_t>(l)]);
            }
            factor_[k * stride_ + k] = 1 + alpha_ * square(scale(neuron));
        }
    }

    void factor() {
        const int n = static_cast<int>(rank()), stride = static_cast<int>(stride_);
        const double smallest = n * std::numeric_limits<double>::epsilon();  // that rounding leaves of a pivot
        int status = 0;
        if (n == 0) return;
        gather_own();
        LAPACK_dpotrf("U", &n, factor_, &stride, &status);
        for (int64_t k = 0; k < n && status == 0; k++) {
            if (square(factor_[k * stride_ + k]) < smallest) status = 1;
        }
        if (status == 0) return;
        gather_own();
        std::vector<int> order(static_cast<size_t>(n));
        std::vector<double> work(2 * static_cast<size_t>(n));
        int kept = 0;
        LAPACK_dpstrf("U", &n, factor_, &stride, order.data(), &kept, &smallest, work.data(), &status);
        std::vector<int64_t> independent;
        for (int64_t k = 0; k < kept; k++) {
            independent.push_back(chunk_[static_cast<size_t>(order[static_cast<size_t>(k)] - 1)]);
        }
        chunk_ = independent;
    }

    // The diagonal of (G_II + alpha)^-1, unscaled: squares of the columns of L^-1.
    std::vector<double> inverse_diagonal() {
        const int n = static_cast<int>(rank());
        std::vector<double> diagonal(chunk_.size());
        double* inverse = rows_;
        for (int64_t k = 0; k < n; k++) std::copy_n(factor_ + k * stride_, k + 1, inverse + k * n);
        int status = 0;
        if (n > 0) LAPACK_dtrtri("U", "N", &n, inverse, &n, &status);
        for (int64_t k = 0; k < n; k++) {
            for (int64_t l = 0; l <= k; l++) diagonal[static_cast<size_t>(l)] += square(inverse[k * n + l]);
        }
        for (size_t k = 0; k < chunk_.size(); k++) diagonal[k] *= square(scale(chunk_[k]));
        return diagonal;
    }

    bool leaves_nothing_inside(const std::vector<double>& inverse) const {
        for (size_t k = 0; k < chunk_.size(); k++) {
            if (square(alpha_ * scale(chunk_[k])) * inverse[k] >= kNothing) return false;
        }
        return true;
    }

    void solve() {
        for (int64_t k = 0; k < rank(); k++) {
            const double* row = gram_ + chunk_[static_cast<size_t>(k)] * neurons_;
            const double own = scale(chunk_[static_cast<size_t>(k)]);
            for (int64_t j = 0; j < width(); j++) {
                const int64_t neuron = columns_[static_cast<size_t>(j)];
                rows_[k * width() + j] = row[neuron] * own * scale(neuron);
            }
        }
        triangular(CblasNoTrans, rows_);
    }

    void triangular(CBLAS_TRANSPOSE transposed, double* rows) {
        if (rank() == 0 || width() == 0) return;
        cblas_dtrsm(CblasRowMajor, CblasLeft, CblasLower, transposed, CblasNonUnit, static_cast<int>(rank()),
                    static_cast<int>(width()), 1, factor_, static_cast<int>(stride_), rows, static_cast<int>(width()));
    }

    // Puts sqrt(alpha) B below Y, so that one product is all that is taken away from G.
    void add_coefficients() {
        double* below = rows_ + rank() * width();
        std::copy_n(rows_, rank() * width(), below);
        triangular(CblasTrans, below);
        for (int64_t k = 0; k < rank(); k++) {
            const double factor = std::sqrt(alpha_) * scale(chunk_[static_cast<size_t>(k)]);
            for (int64_t j = 0; j < width(); j++) below[k * width() + j] *= factor;
        }
        depth_ = 2 * rank();
    }

    // The diagonal of R, where what is left of a neuron is nothing or not.
    void measure(int64_t depth) {
        left_.assign(columns_.size(), 1);
        for (int64_t k = 0; k < depth; k++) {
            const double* row = rows_ + k * width();
            for (size_t j = 0; j < left_.size(); j++) left_[j] -= square(row[j]);
        }
        for (double& left : left_) left = left < kNothing ? 0 : left;
    }

    bool matters(double most) const {
        return std::any_of(left_.begin(), left_.end(),
                           [most](double left) { return left > 0 && most * (1 - left) > kNegligible * left; });
    }

    void sum_squares(morula_chunk_sums* sums) const {
        for (int64_t j = 0; j < neurons_; j++) sums->total_squares += gram_[j * neurons_ + j];
        for (size_t j = 0; j < left_.size(); j++) sums->residual_squares += left_[j] / square(scale(columns_[j]));
    }

    void sum_correlations(morula_chunk_sums* sums) {
        double varying = 0, held_out = 0;
        for (int64_t j = 0; j < neurons_; j++) varying += scale(j) > 0 ? 1 : 0;
        inverse_.resize(left_.size());
        outside_.resize(left_.size());
        for (size_t j = 0; j < left_.size(); j++) {
            const bool inside = inside_[static_cast<size_t>(columns_[j])];
            inverse_[j] = left_[j] > 0 ? 1 / std::sqrt(left_[j]) : 0;
            outside_[j] = inside ? 0 : inverse_[j];
            held_out += outside_[j] > 0 ? 1 : 0;
            sums->predicted += !inside && left_[j] <= 0 ? 1 : 0;
        }
        sums->all_pairs = varying * (varying - 1) / 2;
        sums->held_out_pairs = held_out * (held_out - 1) / 2;
        tile_.resize(static_cast<size_t>(kSide * kSide));
        for (int64_t first = 0; first < width(); first += kSide) {
            for (int64_t second = first; second < width(); second += kSide) add_tile(sums, first, second);
        }
    }

    void add_tile(morula_chunk_sums* sums, int64_t first, int64_t second) {
        const int64_t rows = std::min(kSide, width() - first), columns = std::min(kSide, width() - second);
        for (int64_t i = 0; i < rows; i++) {
            const int64_t neuron = columns_[static_cast<size_t>(first + i)];
            double* row = tile_.data() + i * kSide;
            for (int64_t j = 0; j < columns; j++) {
                row[j] = correlation(neuron, columns_[static_cast<size_t>(second + j)]);
            }
        }
        const int stride = static_cast<int>(width());
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, static_cast<int>(rows), static_cast<int>(columns),
                    static_cast<int>(depth_), -1, rows_ + first, stride, rows_ + second, stride, 1, tile_.data(),
                    static_cast<int>(kSide));
        for (int64_t i = 0; i < rows; i++) {
            const double* row = tile_.data() + i * kSide;
            const double* inverse = inverse_.data() + second;
            const double* outside = outside_.data() + second;
            double all = 0, held_out = 0;
            for (int64_t j = first == second ? i + 1 : 0; j < columns; j++) {
                all += std::fabs(row[j]) * inverse[j];
                held_out += std::fabs(row[j]) * outside[j];
            }
            sums->all += all * inverse_[static_cast<size_t>(first + i)];
            sums->held_out += held_out * outside_[static_cast<size_t>(first + i)];
        }
    }

    const double* gram_;
    const int64_t neurons_, stride_;
    const double alpha_;
    double *factor_, *rows_;
    std::vector<double> scale_;     // one over the root of a neuron's own product, 0 if it is constant
    std::vector<bool> inside_;      // whether a neuron is of the chunk
    std::vector<int64_t> chunk_;    // those of its neurons that the factor has
    std::vector<int64_t> columns_;  // neurons that are looked at
    std::vector<double> left_, inverse_, outside_, tile_;
    int64_t depth_ = 0;  // rows that are taken away
};

}  // namespace
}  // namespace morula

extern "C" {

int morula_chunk_logits(morula_context* context, float* logits, const float* activations, const int32_t* chunk,
                        const float* weight, const float* bias, const morula_chunk_logits_shape* shape) {
    const int status = morula::check_chunk(chunk, shape->chunk, shape->neurons);
    if (status == MORULA_OK) context->kernels.chunk_logits(logits, activations, chunk, weight, bias, *shape);
    return status;
}

int64_t morula_chunk_fit_workspace(const morula_chunk_shape* shape) {
    return shape->chunk * shape->chunk + 2 * shape->chunk * shape->neurons;
}

int morula_chunk_fit(morula_context*, morula_chunk_sums* sums, const double* gram, const int32_t* chunk,
                     double* workspace, const morula_chunk_shape* shape, double alpha) {
    using namespace morula;
    if (shape->chunk < 1 || shape->chunk > shape->neurons || !(alpha > 0)) {
        return fail(MORULA_INVALID_ARGUMENT, "a chunk of %lld of %lld neurons, alpha %g", shown(shape->chunk),
                    shown(shape->neurons), alpha);
    }
    const int status = check_chunk(chunk, shape->chunk, shape->neurons);
    if (status != MORULA_OK) return status;
    try {
        ChunkFit(gram, chunk, workspace, *shape, alpha).run(sums);
    } catch (const std::bad_alloc&) {
        return fail(MORULA_OUT_OF_MEMORY, "no memory for the fit of a chunk of %lld neurons", shown(shape->chunk));
    }
    return MORULA_OK;
}

}  // extern "C"
