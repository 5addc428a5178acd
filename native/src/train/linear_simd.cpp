// A linear layer whose products are OpenBLAS's (avx2) or our own (avx512).
#include "train/linear.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {

#ifdef MORULA_TIER_avx512
constexpr auto multiply = avx512::product;
#else
constexpr auto multiply = morula::product;
#endif

void install_linear(Table& table) {
    table.linear_forward = linear_forward<multiply>;
    table.linear_backward_weight = linear_backward_weight<multiply>;
    table.linear_backward_input = linear_backward_input<multiply>;
}

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
