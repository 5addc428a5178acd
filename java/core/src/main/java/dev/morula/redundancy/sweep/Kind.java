package dev.morula.redundancy.sweep;

import dev.morula.kernel.Matrix;
import java.util.List;
import java.util.Map;

/**
 * A group before it is summarised.
 *
 * @param settings what tells it from others
 * @param name the same in short
 * @param seeds its networks
 * @param labels of the test samples
 */
public record Kind(Map<String, String> settings, Map<String, String> name, List<SeedResult> seeds, int[] labels)
        implements AutoCloseable {

    /** Of the layer that the read-out reads; 0 if nothing was analysed. */
    int width() {
        return seeds.stream()
                .map(SeedResult::lastLayer)
                .filter(layer -> layer != null)
                .mapToInt(layer -> Math.toIntExact(layer.neurons()))
                .findFirst()
                .orElse(0);
    }

    /** Of the networks that have them. */
    List<Matrix> testLogits() {
        return seeds.stream()
                .map(SeedResult::testLogits)
                .filter(logits -> logits != null)
                .toList();
    }

    @Override
    public void close() {
        seeds.forEach(SeedResult::close);
    }
}
