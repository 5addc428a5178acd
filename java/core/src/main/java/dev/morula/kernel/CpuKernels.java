package dev.morula.kernel;

import static dev.morula.kernel.Natives.check;

/** Forwards to the CPU library. */
final class CpuKernels implements Kernels {
    private final long context;

    CpuKernels(int tier) {
        Natives.require();
        long[] created = {0};
        check(MorulaLibrary.morula_context_create(created, tier));
        context = created[0];
    }

    @Override
    public Tier tier() {
        return Tier.values()[MorulaLibrary.morula_context_tier(context)];
    }

    @Override
    public void close() {
        MorulaLibrary.morula_context_destroy(context);
    }
}
