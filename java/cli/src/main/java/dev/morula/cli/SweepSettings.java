package dev.morula.cli;

import dev.morula.MorulaException;
import java.util.List;
import java.util.Map;

/**
 * What a sweep is to do, as sweep-settings.json keeps it.
 *
 * @param training what all networks have in common; its net has placeholders, its seed is the first
 * @param widths to put in the place of W; empty if the network has none
 * @param depths to put in the place of L; empty if the network has none
 * @param weightDecays empty for that of {@code training}; so are the next two
 * @param seeds networks of each kind
 * @param atWidth options that networks have from a width on, in ascending order
 * @param variants by name, options that a variant of every network has; empty for none but the networks as they are
 * @param analysis what to measure of each network; the network's seed takes the place of its own
 */
record SweepSettings(
        TrainingSettings training,
        int keepEvery,
        List<String> widths,
        List<String> depths,
        List<String> weightDecays,
        List<String> initialisations,
        List<String> labels,
        int seeds,
        List<AtWidth> atWidth,
        Map<String, String> variants,
        AnalysisSettings analysis) {
    /** What networks are called beside their variants. */
    static final String BASELINE = "baseline";

    /** Options of networks of at least that width. */
    record AtWidth(String width, String options) {
        double least() {
            return Double.parseDouble(width);
        }
    }

    SweepSettings {
        if (seeds < 1) {
            throw MorulaException.usage("--seeds %d: at least 1 is needed", seeds);
        }
    }
}
