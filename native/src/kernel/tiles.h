// How AMX sources use the tile registers: all eight of 16 rows of 64 bytes. Each call configures them for its own
// thread and releases them before it returns.
#ifndef MORULA_KERNEL_TILES_H
#define MORULA_KERNEL_TILES_H

#include <stdint.h>

namespace morula {
namespace amx {

struct alignas(64) TileConfiguration {
    uint8_t palette = 1, start_row = 0, reserved[14] = {};
    uint16_t column_bytes[16] = {};
    uint8_t rows[16] = {};
    TileConfiguration() {
        for (int t = 0; t < 8; t++) column_bytes[t] = 64, rows[t] = 16;
    }
};

}  // namespace amx
}  // namespace morula

#endif
