package dev.morula.kernel;

/**
 * A device that the same tests run on: a tier of the CPU, or a GPU, which in a JVM of its own is the emulated one.
 *
 * @param tier null for the GPU
 */
public record Backend(Tier tier) {
    public static final Backend PORTABLE = new Backend(Tier.PORTABLE);
    public static final Backend GPU = new Backend(null);

    /** Kernels on it, to be closed by the caller. */
    public Kernels open() {
        if (tier == null) {
            return Device.CUDA.open();
        }
        Kernels kernels = Kernels.cpu(tier);
        if (kernels.tier() != tier) {
            throw new AssertionError(tier + " was asked for, but " + kernels.tier() + " computes");
        }
        return kernels;
    }

    /** Whether products of gradients are sums of products of bfloat16 numbers, which leave out what is small twice. */
    public boolean leavesOutSmallProducts() {
        return tier == Tier.AMX;
    }

    /** Whether rows are rounded to bfloat16 when they are packed, so that products say little and candidates are refined. */
    public boolean packsBfloat16() {
        return tier == Tier.AMX || tier == null;
    }

    /** Neurons of the largest layers: the emulated GPU takes its time. */
    public int mostNeurons() {
        return tier == null ? 64 : Integer.MAX_VALUE;
    }

    @Override
    public String toString() {
        return tier == null ? "gpu" : tier.toString();
    }
}
