// How many windows a pooling layer has. Internal linkage: each tier has a copy of its own.
#ifndef MORULA_TRAIN_POOL_H
#define MORULA_TRAIN_POOL_H

#include "morula_train.h"

namespace morula {
namespace {

inline int64_t pool_rows(const morula_pool& shape) {
    return (shape.height + 2 * shape.padding - shape.window_height) / shape.stride + 1;
}

inline int64_t pool_columns(const morula_pool& shape) {
    return (shape.width + 2 * shape.padding - shape.window_width) / shape.stride + 1;
}

}  // namespace
}  // namespace morula

#endif
