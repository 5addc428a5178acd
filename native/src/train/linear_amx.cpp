// A linear layer whose gradients are computed on tiles, with some 15 times the rounding error of float32 (README.md).
// Forward stays float32: the outputs of a network whose layers all lost that much would be 1e-5 off and more, while
// gradients, sums over a random batch, are held to 1e-4.
#include "train/linear.h"

namespace morula {
namespace amx {

void install_linear(Table& table) {
    table.linear_backward_weight = linear_backward_weight<product>;
    table.linear_backward_input = linear_backward_input<product>;
}

}  // namespace amx
}  // namespace morula
