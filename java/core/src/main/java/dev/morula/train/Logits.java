package dev.morula.train;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.prepare.Samples;

/** What a network's read-out gives, before any softmax. */
public final class Logits {
    private Logits() {}

    /**
     * The logits of {@code network} on all of {@code samples}, prepared as those it was trained on were: samples x outputs,
     * F32. The caller closes them.
     */
    public static Matrix of(Network network, Samples samples, Kernels kernels, Workers workers) {
        long outputs = network.definition().outputs();
        Matrix logits = Matrix.allocate(ElementType.F32, samples.count(), outputs);
        try (Inference inference = Inference.of(kernels, workers, network, samples.count())) {
            for (long first = 0; first < samples.count(); first += inference.batch()) {
                long count = Math.min(inference.batch(), samples.count() - first);
                Matrix batch = inference.run(samples.slice(first, count).inputs());
                batch.copyTo(0, logits, first * outputs, count * outputs);
            }
            return logits;
        } catch (RuntimeException | Error e) {
            logits.close();
            throw e;
        }
    }
}
