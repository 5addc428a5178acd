// The k strongest partners of each neuron, as the real correlations order them; equal ones by index.
// A partner is kept while its correlation is not below the k-th largest minus four times the error: two would do for
// what is certain, the others make sure that what is dropped is no tie. Where the raw values have to tell,
//   float64:        decided where two correlations are more than 4 eps64 apart
//   double-double:  neighbours in order that are at most 2^-90 apart are ties; the smaller index wins
// Rows that are bit by bit the same have the same correlations: double-double looks at one of them.
// README.md has the bounds. Oracle: rational arithmetic in CorrelationOracle (tests). Benchmark: StrongestBenchmark.
#include <algorithm>
#include <cmath>
#include <memory>
#include <new>
#include <vector>

#include "correlate/decide.h"
#include "kernel/context.h"
#include "kernel/elements.h"

namespace morula {
namespace {

constexpr double safety = 4;

struct Row {
    const morula_strongest& s;
    int64_t neuron;

    morula_partner* begin() const { return s.partners + neuron * s.capacity; }
    int64_t count() const { return s.counts[neuron]; }
    morula_partner* end() const { return begin() + count(); }
    double margin() const { return safety * s.error; }
    double strength(double r) const { return s.sign == MORULA_ABSOLUTE ? std::fabs(r) : r; }
    double of(const morula_partner& p) const { return strength(p.correlation); }
    bool matters(float r) const { return strength(r) >= s.least[neuron]; }

    // The k-th largest strength; there are as many.
    double kth() const {
        std::nth_element(begin(), begin() + s.k - 1, end(),
                         [&](const morula_partner& a, const morula_partner& b) { return of(a) > of(b); });
        return of(begin()[s.k - 1]);
    }

    // Drops what cannot be among the k strongest.
    void drop_weak() const {
        if (count() < s.k) return;
        const double least = kth() - margin();
        s.least[neuron] = std::nextafterf(static_cast<float>(least), -INFINITY);
        morula_partner* kept = std::partition(begin(), end(), [&](const morula_partner& p) { return of(p) >= least; });
        s.counts[neuron] = static_cast<int32_t>(kept - begin());
    }

    // Room for one more would do, but then every partner that follows would have to be decided on.
    bool has_room() const {
        if (count() < s.capacity) return true;
        drop_weak();
        return count() <= s.k + (s.capacity - s.k) / 2;
    }

    void append(morula_partner partner) const { begin()[s.counts[neuron]++] = partner; }

    // Those that are well above the k-th come first; returns where those begin of which only some are among the k.
    morula_partner* contenders() const {
        drop_weak();
        if (count() <= s.k) return end();
        const double certain = kth() + margin();
        return std::partition(begin(), end(), [&](const morula_partner& p) { return of(p) > certain; });
    }
};

struct Contender {
    morula_partner partner;
    int64_t row;  // of the layer at hand
    double float64;
    DoubleDouble exact;
    int64_t rank;  // the same for ties
};

bool same_values(const morula_layer* layer, int64_t i, int64_t j) {
    constexpr int64_t chunk = 256;
    double a[chunk], b[chunk];
    for (int64_t from = 0; from < layer->samples; from += chunk) {
        const int64_t count = std::min(chunk, layer->samples - from);
        read_elements(a, row_of(layer, i), layer->type, from, count, layer->moments[i].scale);
        read_elements(b, row_of(layer, j), layer->type, from, count, layer->moments[j].scale);
        if (!std::equal(a, a + count, b)) return false;
    }
    return true;
}

// Correlations of one neuron with its contenders, from the raw values.
class Judge {
  public:
    Judge(morula_context* context, const morula_layer* layer, int64_t neuron, bool absolute, int64_t* compared)
        : kernels_(context->kernels),
          layer_(layer),
          neuron_(neuron),
          absolute_(absolute),
          compared_(compared),
          deviations_(static_cast<size_t>(layer->samples)) {
        read_deviations(deviations_.data(), layer, neuron, 0, layer->samples);
    }

    // Brings the `wanted` strongest to the front.
    void order(std::vector<Contender>& all, int64_t wanted) {
        for (Contender& c : all) c.float64 = in_float64(c.row);
        std::sort(all.begin(), all.end(), [](const Contender& a, const Contender& b) { return a.float64 > b.float64; });
        const double apart = safety * static_cast<double>(layer_->samples + 8) * 0x1p-52;
        const double last = all[static_cast<size_t>(wanted - 1)].float64;
        const auto open =
            std::find_if(all.begin(), all.end(), [&](const Contender& c) { return c.float64 <= last + apart; });
        const auto end = std::find_if(open, all.end(), [&](const Contender& c) { return c.float64 < last - apart; });
        if (end - all.begin() > wanted) order_exactly(&*open, &*open + (end - open));
    }

  private:
    double strength(double r) const { return absolute_ ? std::fabs(r) : r; }

    double in_float64(int64_t row) {
        compared_[0]++;
        const double norms = layer_->moments[neuron_].inverse_norm * layer_->moments[row].inverse_norm;
        return strength(kernels_.dot(deviations_.data(), layer_, row) * norms);
    }

    DoubleDouble in_double_double(int64_t row) {
        compared_[1]++;
        const ExactProduct product = product_in_double_double(layer_, neuron_, row);
        const DoubleDouble r = product.covariance / product.norms;
        return absolute_ && r.high < 0 ? -r : r;
    }

    void order_exactly(Contender* first, Contender* last) {
        for (Contender* c = first; c < last; c++) {
            const Contender* same = std::find_if(
                first, c, [&](const Contender& before) { return same_values(layer_, before.row, c->row); });
            c->exact = same < c ? same->exact : in_double_double(c->row);
        }
        std::sort(first, last, [](const Contender& a, const Contender& b) { return (a.exact - b.exact).high > 0; });
        for (Contender* c = first + 1; c < last; c++) {
            c->rank = c[-1].rank + ((c[-1].exact - c->exact).high > tie ? 1 : 0);
        }
        std::sort(first, last, [](const Contender& a, const Contender& b) {
            return a.rank != b.rank ? a.rank < b.rank : a.partner.neuron < b.partner.neuron;
        });
    }

    const Table& kernels_;
    const morula_layer* layer_;
    int64_t neuron_;
    bool absolute_;
    int64_t* compared_;
    std::vector<double> deviations_;
};

// Where `neuron` is in an ascending list of neurons; null lists all.
int64_t row_in(const int32_t* neurons, int64_t count, int64_t neuron) {
    return neurons == nullptr ? neuron : std::lower_bound(neurons, neurons + count, neuron) - neurons;
}

}  // namespace
}  // namespace morula

extern "C" {

using namespace morula;

int morula_strongest_add(morula_context*, const morula_strongest* strongest, int64_t* next, int64_t* full,
                         const int64_t* pairs, const float* values, int64_t count) {
    const auto is_full = [&](int64_t neuron, float r) {
        const Row row{*strongest, neuron};
        return row.matters(r) && !row.has_room();
    };
    const auto append = [&](int64_t neuron, int64_t partner, float r) {
        const Row row{*strongest, neuron};
        if (row.matters(r)) row.append({static_cast<int32_t>(partner), r});
    };
    const auto mine = [&](int64_t neuron) {
        return neuron >= strongest->first_row && neuron < strongest->first_row + strongest->rows;
    };
    *full = -1;
    for (; *next < count; ++*next) {
        const int64_t i = pairs[*next] >> 32, j = pairs[*next] & 0x7fffffff;
        const float r = values[*next];
        if (mine(i) && is_full(i, r)) *full = i;
        if (mine(j) && is_full(j, r)) *full = j;
        if (*full >= 0) return MORULA_OK;
        if (mine(i)) append(i, j, r);
        if (mine(j)) append(j, i, r);
    }
    for (int64_t r = 0; r < strongest->rows; r++) Row{*strongest, strongest->first_row + r}.drop_weak();
    return MORULA_OK;
}

int morula_strongest_contenders(morula_context*, int32_t* contenders, int64_t* count, const morula_strongest* strongest,
                                int64_t neuron) {
    const Row row{*strongest, neuron};
    *count = 0;
    for (const morula_partner* p = row.contenders(); p < row.end(); p++) contenders[(*count)++] = p->neuron;
    return MORULA_OK;
}

int morula_strongest_decide(morula_context* context, const morula_strongest* strongest, int64_t* compared,
                            const morula_layer* layer, const int32_t* neurons, int64_t count, int64_t neuron) {
    const Row row{*strongest, neuron};
    morula_partner* open = row.contenders();
    if (row.count() <= strongest->k) return MORULA_OK;
    try {
        Judge judge(context, layer, row_in(neurons, count, neuron), strongest->sign == MORULA_ABSOLUTE, compared);
        std::vector<Contender> all;
        for (const morula_partner* p = open; p < row.end(); p++) {
            all.push_back({*p, row_in(neurons, count, p->neuron), 0, {0, 0}, 0});
        }
        const int64_t wanted = strongest->k - (open - row.begin());
        judge.order(all, wanted);
        for (int64_t c = 0; c < wanted; c++) open[c] = all[static_cast<size_t>(c)].partner;
        strongest->counts[neuron] = static_cast<int32_t>(strongest->k);
        return MORULA_OK;
    } catch (const std::bad_alloc&) {
        return fail(MORULA_OUT_OF_MEMORY, "no memory for telling %lld partners of %lld samples apart",
                    static_cast<long long>(row.end() - open), static_cast<long long>(layer->samples));
    }
}

int morula_strongest_collect(morula_context*, int32_t* indices, float* values, const int64_t* row_start,
                             const morula_strongest* strongest) {
    for (int64_t r = strongest->first_row; r < strongest->first_row + strongest->rows; r++) {
        const Row row{*strongest, r};
        std::sort(row.begin(), row.end(),
                  [](const morula_partner& a, const morula_partner& b) { return a.neuron < b.neuron; });
        int64_t to = row_start[r];
        for (const morula_partner* p = row.begin(); p < row.end(); p++, to++) {
            indices[to] = p->neuron;
            values[to] = p->correlation;
        }
    }
    return MORULA_OK;
}

}  // extern "C"
