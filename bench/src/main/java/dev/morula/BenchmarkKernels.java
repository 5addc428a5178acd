package dev.morula;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Tier;
import java.util.Locale;

/**
 * What a benchmark's parameter {@code tier} means: {@code best}, which every machine has, or the name of a tier, as in
 * {@code -p tier=portable,avx2,avx512,amx}; one that the machine lacks fails.
 */
public final class BenchmarkKernels {
    private BenchmarkKernels() {}

    /** The kernels of the tier called {@code tier}. */
    public static Kernels open(String tier) {
        return tier.equals("best") ? Kernels.cpu() : Kernels.cpu(Tier.valueOf(tier.toUpperCase(Locale.ROOT)));
    }
}
