package dev.morula.redundancy.clones;

import dev.morula.redundancy.Estimate;
import java.util.Locale;

/** What was found about clones, in a few sentences. */
public final class CloneVerdict {
    private static final double PERCENT = 100;

    private CloneVerdict() {}

    /** For types that speak for no clones: why there are none. */
    public static String none(Types types, double threshold) {
        return types.shared() == 0
                ? format("No two neurons carry the same signal at a correlation of %s: there are no clones.", threshold)
                : format(
                        "Only %,d of %,d types have more than one neuron at a correlation of %s, so there are no clones.",
                        types.shared(), types.count(), threshold);
    }

    /** For clones that were tested. */
    public static String of(CloneTest test) {
        return errors(test) + fits(test);
    }

    private static String errors(CloneTest test) {
        Comparison error = test.testError();
        String verdict = error.isBetter() ? "are better than" : "are no better than";
        return format(
                "%,d clones dealt from types %s random chunks of the same neurons and sizes: test error %.2f %% against %s"
                        + " (p = %s).",
                test.clones().size(), verdict, PERCENT * error.dealt(), percent(error.random()), p(error));
    }

    private static String fits(CloneTest test) {
        Comparison r2 = test.r2();
        Comparison residuals = test.residualCorrelation();
        if (r2.p() == null) {
            return "";
        }
        String explained = format(
                " They predict the layer with R^2 = %.4f against %.4f (p = %s)",
                r2.dealt(), r2.random().mean(), p(r2));
        return residuals.p() == null
                ? explained + "."
                : explained
                        + format(
                                "; what they leave of the other clones' neurons has a mean absolute correlation of %.4f"
                                        + " against %.4f (p = %s).",
                                residuals.dealt(), residuals.random().mean(), p(residuals));
    }

    private static String percent(Estimate random) {
        return format("%.2f %%", PERCENT * random.mean());
    }

    private static String p(Comparison comparison) {
        return format("%.3f", comparison.p());
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
