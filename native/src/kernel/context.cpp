// Chooses the CPU tier once a context, reports what the library is, and keeps the message of the last failure.
#include "kernel/context.h"

#include <cblas.h>

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace morula {
namespace {

thread_local char last_error[512] = "";

const char* const tier_names[] = {"portable", "avx2", "avx512", "amx"};

#if defined(__x86_64__)

// Linux hands out the AMX tile state only on request: arch_prctl(ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA).
bool request_amx_permission() {
    constexpr long arch_req_xcomp_perm = 0x1023;
    constexpr long xfeature_xtiledata = 18;
    return syscall(SYS_arch_prctl, arch_req_xcomp_perm, xfeature_xtiledata) == 0;
}

uint64_t enabled_state() {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return static_cast<uint64_t>(high) << 32 | low;
}

int detect_tier() {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return MORULA_TIER_PORTABLE;
    const bool fma = c & bit_FMA, f16c = c & bit_F16C, osxsave = c & bit_OSXSAVE;
    if (!osxsave || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return MORULA_TIER_PORTABLE;
    const uint64_t state = enabled_state();
    constexpr uint64_t ymm_state = 0x6, zmm_state = 0xe6, tile_state = 0x60000;
    if ((state & ymm_state) != ymm_state || !fma || !f16c || !(b & bit_AVX2)) return MORULA_TIER_PORTABLE;
    constexpr unsigned avx512 = bit_AVX512F | bit_AVX512BW | bit_AVX512DQ | bit_AVX512VL;
    if ((state & zmm_state) != zmm_state || (b & avx512) != avx512) return MORULA_TIER_AVX2;
    constexpr unsigned amx_bf16 = 1u << 22, amx_tile = 1u << 24;
    if ((state & tile_state) != tile_state || !(d & amx_bf16) || !(d & amx_tile)) return MORULA_TIER_AVX512;
    unsigned a1, b1, c1, d1;
    constexpr unsigned avx512_bf16 = 1u << 5;
    if (!__get_cpuid_count(7, 1, &a1, &b1, &c1, &d1) || !(a1 & avx512_bf16)) return MORULA_TIER_AVX512;
    return request_amx_permission() ? MORULA_TIER_AMX : MORULA_TIER_AVX512;
}

#else

int detect_tier() { return MORULA_TIER_PORTABLE; }

#endif

int hardware_tier() {
    static const int tier = detect_tier();
    return tier;
}

// The cap that the environment sets, or -1 when it names no tier.
int environment_tier() {
    const char* name = std::getenv("MORULA_TIER");
    if (name == nullptr || *name == '\0') return MORULA_TIER_AMX;
    for (int tier = 0; tier < 4; tier++) {
        if (std::strcmp(name, tier_names[tier]) == 0) return tier;
    }
    return -1;
}

Table table_of(int tier) {
    Table table{};
#define MORULA_PORTABLE(install) portable::install(table);
    MORULA_FAMILIES(MORULA_PORTABLE)
#if defined(MORULA_HAVE_avx2)
#define MORULA_AVX2(install) \
    if (tier >= MORULA_TIER_AVX2) avx2::install(table);
    MORULA_FAMILIES(MORULA_AVX2)
#define MORULA_AVX512(install) \
    if (tier >= MORULA_TIER_AVX512) avx512::install(table);
    MORULA_FAMILIES(MORULA_AVX512)
#define MORULA_AMX(install) \
    if (tier >= MORULA_TIER_AMX) amx::install(table);
    MORULA_FAMILIES_OF_AMX(MORULA_AMX)
#endif
    (void)tier;  // elsewhere than on x86-64
    return table;
}

}  // namespace

int fail(int status, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(last_error, sizeof last_error, format, arguments);
    va_end(arguments);
    return status;
}

}  // namespace morula

extern "C" {

int morula_abi_version(void) { return MORULA_ABI; }

const char* morula_build_info(void) { return MORULA_BUILD_INFO; }

const char* morula_last_error(void) { return morula::last_error; }

int morula_hardware_tier(void) { return morula::hardware_tier(); }

const char* morula_blas_config(void) { return openblas_get_config(); }

const char* morula_blas_core(void) { return openblas_get_corename(); }

int morula_context_create(morula_context** context, int tier) {
    using namespace morula;
    *context = nullptr;
    const int cap = environment_tier();
    if (cap < 0) {
        return fail(MORULA_UNAVAILABLE, "MORULA_TIER is \"%s\": it must be portable, avx2, avx512 or amx",
                    std::getenv("MORULA_TIER"));
    }
    const int best = hardware_tier() < cap ? hardware_tier() : cap;
    if (tier > MORULA_TIER_AMX)
        return fail(MORULA_INVALID_ARGUMENT, "tier %d: the highest is %d", tier, MORULA_TIER_AMX);
    if (tier > best) {
        return fail(MORULA_UNAVAILABLE, "the %s tier was asked for, but %s allows %s at most", tier_names[tier],
                    hardware_tier() < tier ? "this machine" : "MORULA_TIER", tier_names[best]);
    }
    *context = new (std::nothrow) morula_context{tier < 0 ? best : tier, {}};
    if (*context == nullptr) return fail(MORULA_OUT_OF_MEMORY, "no memory for a context");
    (*context)->kernels = table_of((*context)->tier);
    openblas_set_num_threads(1);  // threads belong to Java
    return MORULA_OK;
}

void morula_context_destroy(morula_context* context) { delete context; }

int morula_context_tier(const morula_context* context) { return context->tier; }

}  // extern "C"
