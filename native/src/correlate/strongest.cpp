// The k strongest partners of each neuron, as the real correlations order them; equal ones by index.
// A partner is kept while its correlation is not below the k-th largest minus four times the error: two would do for
// what is certain, the others make sure that what is dropped is no tie. Where more are kept than there is room for,
//   float64:        decided where two correlations are more than 4 eps64 apart
//   double-double:  neighbours in order that are at most 2^-90 apart are ties; the smaller index wins
// Rows that are bit by bit the same have the same correlations: double-double looks at one of them.
// Oracle: rational arithmetic in PartnerOracle (tests). Benchmark: dev.morula.correlate.StrongestBenchmark.
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

double strength(double r, bool absolute) { return absolute ? std::fabs(r) : r; }

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

// A partner whose place is open.
struct Contender {
    morula_partner partner;
    double float64;
    DoubleDouble exact;
    int64_t rank;  // the same for ties
};

class Rows {
  public:
    Rows(morula_context* context, const morula_strongest* strongest, int64_t* compared, const morula_layer* layer)
        : kernels_(context->kernels),
          s_(*strongest),
          compared_(compared),
          layer_(layer),
          absolute_(strongest->sign == MORULA_ABSOLUTE),
          margin_(safety * strongest->error),
          deviations_(new double[static_cast<size_t>(layer->samples)]) {}

    bool holds(int64_t neuron) const { return neuron >= s_.first_row && neuron < s_.first_row + s_.rows; }

    void insert(int64_t neuron, morula_partner partner) {
        if (strength(partner.correlation, absolute_) < s_.least[neuron]) return;
        if (s_.counts[neuron] == s_.capacity) {
            drop_weak(neuron);
            // Room for one would do, but then every partner that follows would have to be decided on.
            if (s_.counts[neuron] > s_.k + (s_.capacity - s_.k) / 2) decide(neuron);
        }
        row(neuron)[s_.counts[neuron]++] = partner;
    }

    // Drops what cannot be among the k strongest.
    void drop_weak(int64_t neuron) {
        const int64_t count = s_.counts[neuron];
        if (count < s_.k) return;
        morula_partner* partners = row(neuron);
        const auto stronger = [&](const morula_partner& a, const morula_partner& b) { return of(a) > of(b); };
        std::nth_element(partners, partners + s_.k - 1, partners + count, stronger);
        const double least = of(partners[s_.k - 1]) - margin_;
        s_.least[neuron] = std::nextafterf(static_cast<float>(least), -INFINITY);
        morula_partner* end =
            std::partition(partners, partners + count, [&](const morula_partner& p) { return of(p) >= least; });
        s_.counts[neuron] = static_cast<int32_t>(end - partners);
    }

    void settle(int64_t neuron) {
        drop_weak(neuron);
        if (s_.counts[neuron] > s_.k) decide(neuron);
        const auto before = [](const morula_partner& a, const morula_partner& b) { return a.neuron < b.neuron; };
        std::sort(row(neuron), row(neuron) + s_.counts[neuron], before);
    }

  private:
    morula_partner* row(int64_t neuron) const { return s_.partners + neuron * s_.capacity; }

    double of(const morula_partner& p) const { return strength(p.correlation, absolute_); }

    // Leaves the k strongest of the more that there are. Those well above the k-th are in; the others contend.
    void decide(int64_t neuron) {
        morula_partner *partners = row(neuron), *end = partners + s_.counts[neuron];
        const auto stronger = [&](const morula_partner& a, const morula_partner& b) { return of(a) > of(b); };
        std::nth_element(partners, partners + s_.k - 1, end, stronger);
        const double middle = of(partners[s_.k - 1]);
        morula_partner* open =
            std::partition(partners, end, [&](const morula_partner& p) { return of(p) > middle + margin_; });
        end = std::partition(open, end, [&](const morula_partner& p) { return of(p) >= middle - margin_; });
        const int64_t wanted = s_.k - (open - partners);
        if (end - open > wanted) {
            contenders_.clear();
            for (morula_partner* p = open; p < end; p++) contenders_.push_back({*p, 0, {0, 0}, 0});
            order(neuron, wanted);
            for (int64_t c = 0; c < wanted; c++) open[c] = contenders_[static_cast<size_t>(c)].partner;
        }
        s_.counts[neuron] = static_cast<int32_t>(s_.k);
    }

    // Brings the strongest `wanted` contenders to the front.
    void order(int64_t neuron, int64_t wanted) {
        read_deviations(deviations_.get(), layer_, neuron, 0, layer_->samples);
        for (Contender& c : contenders_) {
            const double norms = layer_->moments[neuron].inverse_norm * layer_->moments[c.partner.neuron].inverse_norm;
            c.float64 = strength(kernels_.dot(deviations_.get(), layer_, c.partner.neuron) * norms, absolute_);
        }
        compared_[0] += static_cast<int64_t>(contenders_.size());
        std::sort(contenders_.begin(), contenders_.end(),
                  [](const Contender& a, const Contender& b) { return a.float64 > b.float64; });
        const double apart = safety * static_cast<double>(layer_->samples + 8) * 0x1p-52;
        const double middle = contenders_[static_cast<size_t>(wanted - 1)].float64;
        const auto open = std::find_if(contenders_.begin(), contenders_.end(),
                                       [&](const Contender& c) { return c.float64 <= middle + apart; });
        const auto end =
            std::find_if(open, contenders_.end(), [&](const Contender& c) { return c.float64 < middle - apart; });
        if (end - contenders_.begin() > wanted) order_exactly(neuron, &*open, &*open + (end - open));
    }

    void order_exactly(int64_t neuron, Contender* first, Contender* last) {
        for (Contender* c = first; c < last; c++) {
            const Contender* same = std::find_if(first, c, [&](const Contender& before) {
                return same_values(layer_, before.partner.neuron, c->partner.neuron);
            });
            c->exact = same < c ? same->exact : exact_strength(neuron, c->partner.neuron);
        }
        std::sort(first, last, [](const Contender& a, const Contender& b) { return (a.exact - b.exact).high > 0; });
        for (Contender* c = first + 1; c < last; c++) {
            c->rank = c[-1].rank + ((c[-1].exact - c->exact).high > tie ? 1 : 0);
        }
        std::sort(first, last, [](const Contender& a, const Contender& b) {
            return a.rank != b.rank ? a.rank < b.rank : a.partner.neuron < b.partner.neuron;
        });
    }

    DoubleDouble exact_strength(int64_t i, int64_t j) {
        compared_[1]++;
        const ExactProduct product = product_in_double_double(layer_, i, j);
        const DoubleDouble r = product.covariance / product.norms;
        return absolute_ && r.high < 0 ? -r : r;
    }

    const Table& kernels_;
    const morula_strongest& s_;
    int64_t* compared_;
    const morula_layer* layer_;
    bool absolute_;
    double margin_;
    std::unique_ptr<double[]> deviations_;
    std::vector<Contender> contenders_;
};

// Nothing may be thrown across the boundary.
template <class Work>
int with_rows(morula_context* context, const morula_strongest* strongest, int64_t* compared, const morula_layer* layer,
              const Work& work) {
    try {
        Rows rows(context, strongest, compared, layer);
        work(rows);
        return MORULA_OK;
    } catch (const std::bad_alloc&) {
        return fail(MORULA_OUT_OF_MEMORY, "no memory for telling partners apart over %lld samples",
                    static_cast<long long>(layer->samples));
    }
}

}  // namespace
}  // namespace morula

extern "C" {

using namespace morula;

int morula_strongest_add(morula_context* context, const morula_strongest* strongest, int64_t* compared,
                         const morula_layer* layer, const int64_t* pairs, const float* values, int64_t count) {
    return with_rows(context, strongest, compared, layer, [&](Rows& rows) {
        for (int64_t p = 0; p < count; p++) {
            const int64_t i = pairs[p] >> 32, j = pairs[p] & 0x7fffffff;
            if (rows.holds(i)) rows.insert(i, {static_cast<int32_t>(j), values[p]});
            if (rows.holds(j)) rows.insert(j, {static_cast<int32_t>(i), values[p]});
        }
        for (int64_t r = 0; r < strongest->rows; r++) rows.drop_weak(strongest->first_row + r);
    });
}

int morula_strongest_settle(morula_context* context, const morula_strongest* strongest, int64_t* compared,
                            const morula_layer* layer) {
    return with_rows(context, strongest, compared, layer, [&](Rows& rows) {
        for (int64_t r = 0; r < strongest->rows; r++) rows.settle(strongest->first_row + r);
    });
}

int morula_strongest_collect(morula_context*, int32_t* indices, float* values, const int64_t* row_start,
                             const morula_strongest* strongest) {
    for (int64_t r = strongest->first_row; r < strongest->first_row + strongest->rows; r++) {
        const morula_partner* partners = strongest->partners + r * strongest->capacity;
        for (int64_t p = 0; p < strongest->counts[r]; p++) {
            indices[row_start[r] + p] = partners[p].neuron;
            values[row_start[r] + p] = partners[p].correlation;
        }
    }
    return MORULA_OK;
}

}  // extern "C"
