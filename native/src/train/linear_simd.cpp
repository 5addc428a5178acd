// A linear layer whose products are OpenBLAS's (avx2) or our own (avx512).
#include "train/linear.h"

namespace morula {
namespace MORULA_TIER_NAMESPACE {

#ifdef MORULA_TIER_avx512
void install_linear(Table& table) { install_linear_around<avx512::product>(table); }
#else
void install_linear(Table& table) { install_linear_around<morula::product>(table); }
#endif

}  // namespace MORULA_TIER_NAMESPACE
}  // namespace morula
