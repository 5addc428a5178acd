#include "support.h"

namespace morula_tests {
namespace {

void test_allocation() {
    void* memory;
    constexpr int64_t bytes = 1000003;
    CHECK(morula_alloc(&memory, bytes) == MORULA_OK);
    char* all = static_cast<char*>(memory);
    CHECK(reinterpret_cast<uintptr_t>(memory) % line == 0 && all[0] == 0 && all[bytes - 1] == 0);
    all[0] = all[bytes - 1] = 1;
    CHECK(morula_free(memory, bytes) == MORULA_OK);
    CHECK(morula_alloc(&memory, 0) == MORULA_INVALID_ARGUMENT);
    CHECK(morula_alloc(&memory, INT64_MAX) == MORULA_OUT_OF_MEMORY);
}

void test_mapping() {
    char path[] = "/tmp/morula-test-XXXXXX";
    const int file = mkstemp(path);
    CHECK(file >= 0);
    constexpr int64_t size = 8195, offset = 4097;
    CHECK(ftruncate(file, size) == 0 && pwrite(file, "x", 1, size - 1) == 1);
    void *memory, *base;
    int64_t base_bytes;
    CHECK(morula_map(&memory, &base, &base_bytes, path, offset, size - offset) == MORULA_OK);
    CHECK(static_cast<const char*>(memory)[size - offset - 1] == 'x');
    CHECK(morula_free(base, base_bytes) == MORULA_OK);
    CHECK(morula_map(&memory, &base, &base_bytes, path, offset, size - offset + 1) == MORULA_IO_ERROR);
    CHECK(morula_map(&memory, &base, &base_bytes, path, size + 1, 1) == MORULA_IO_ERROR);
    CHECK(morula_map(&memory, &base, &base_bytes, path, -1, 1) == MORULA_INVALID_ARGUMENT);
    close(file);
    unlink(path);
    CHECK(morula_map(&memory, &base, &base_bytes, path, 0, 1) == MORULA_IO_ERROR);
}

void test_scratch() {
    void* memory;
    constexpr int64_t bytes = 100003, exabyte = int64_t{1} << 60;
    CHECK(morula_scratch(&memory, "/tmp", bytes) == MORULA_OK);
    char* all = static_cast<char*>(memory);
    CHECK(all[0] == 0 && all[bytes - 1] == 0);
    all[bytes - 1] = 1;
    CHECK(morula_free(memory, bytes) == MORULA_OK);
    CHECK(morula_scratch(&memory, "/tmp", exabyte) == MORULA_OUT_OF_MEMORY);
    CHECK(morula_scratch(&memory, "/tmp/no/such/folder", bytes) == MORULA_IO_ERROR);
}

}  // namespace

void test_memory() {
    test_allocation();
    test_mapping();
    test_scratch();
}

}  // namespace morula_tests
