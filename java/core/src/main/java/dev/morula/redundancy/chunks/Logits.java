package dev.morula.redundancy.chunks;

import dev.morula.kernel.Activation;
import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.ReadOut;

/** What the read-out makes of the whole layer. */
public final class Logits {
    private static final int SAMPLES = 1024; // of a block

    private Logits() {}

    /** Logits (samples x outputs, F32), to be closed by the caller. */
    public static Matrix of(Features features, ReadOut readOut, Kernels kernels, Workers workers) {
        ChunkPredictions.requireFit(features, readOut);
        Matrix logits = Matrix.allocate(ElementType.F32, features.samples(), readOut.outputs());
        try {
            workers.forEach((features.samples() + SAMPLES - 1L) / SAMPLES, (part, worker) -> {
                long first = part * SAMPLES;
                long samples = Math.min(SAMPLES, features.samples() - first);
                Block block = new Block(first, samples, 0, readOut.outputs());
                kernels.products()
                        .linearForward(
                                logits,
                                features.activations(),
                                readOut.weight(),
                                readOut.bias().reshape(1, readOut.outputs()),
                                Activation.IDENTITY,
                                block);
            });
            return logits;
        } catch (RuntimeException | Error e) {
            logits.close();
            throw e;
        }
    }
}
