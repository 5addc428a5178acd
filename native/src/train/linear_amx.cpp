// A linear layer whose products are those of tiles.
#include "train/linear.h"

namespace morula {
namespace amx {

void install_linear(Table& table) { install_linear_around<product>(table); }

}  // namespace amx
}  // namespace morula
