package dev.morula.redundancy.depth;

import dev.morula.MorulaException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The first layer in which nearly all train samples are nearest to the centre of their own class (Galanti et al.). */
public final class EffectiveDepth {
    private EffectiveDepth() {}

    /**
     * The eps-effective depth: the number, from 1 on, of the first layer whose error is at most {@code allowed}, or null.
     *
     * @param errors of the nearest class centre on train samples, first layer to last
     */
    public static Integer of(List<Double> errors, double allowed) {
        if (!(allowed >= 0 && allowed < 1)) {
            throw MorulaException.usage("effective depth: an error of %s is allowed; it must be 0 to below 1", allowed);
        }
        for (int layer = 0; layer < errors.size(); layer++) {
            if (errors.get(layer) <= allowed) {
                return layer + 1;
            }
        }
        return null;
    }

    /**
     * For each allowed error, as decimal text, the name of the layer where it is reached, or null.
     *
     * @param errors by layer, first to last
     */
    public static Map<String, String> names(Map<String, Double> errors, List<Double> allowed) {
        List<String> layers = List.copyOf(errors.keySet());
        Map<String, String> names = new LinkedHashMap<>();
        for (double each : allowed) {
            Integer depth = of(List.copyOf(errors.values()), each);
            names.put(
                    BigDecimal.valueOf(each).stripTrailingZeros().toPlainString(),
                    depth == null ? null : layers.get(depth - 1));
        }
        return names;
    }
}
