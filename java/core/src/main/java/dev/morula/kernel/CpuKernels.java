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

    // activations

    @Override
    public void transpose(Matrix out, long firstSample, Matrix in, Block block) {
        block.requireInside(in);
        new Block(block.column(), block.columns(), firstSample, block.rows()).requireInside(out);
        if (out.type() != in.type()) {
            throw new IllegalArgumentException(in.type() + " cannot become " + out.type());
        }
        int bytes = in.type().bytes();
        long[] descriptor = {block.rows(), block.columns(), in.columns(), out.columns(), bytes};
        try (Pins pins = new Pins()) {
            long to = pins.of(out) + (block.column() * out.columns() + firstSample) * bytes;
            long from = pins.of(in) + (block.row() * in.columns() + block.column()) * bytes;
            check(MorulaLibrary.morula_transpose(context, to, from, descriptor));
        }
    }

    @Override
    public void close() {
        MorulaLibrary.morula_context_destroy(context);
    }
}
