package dev.morula.cli;

import dev.morula.correlate.Correlation;
import dev.morula.correlate.StageReport;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What correlating a layer took and gave: the JSON of {@code morula correlate}, kept beside the graph.
 *
 * @param threshold least correlation of an edge; null where all pairs count
 * @param neurons all neurons of the layer, W
 * @param constant neurons whose minimum equals their maximum, never-active ones among them
 * @param neverActive neurons that are 0 on every sample
 * @param dropped neurons left out because they are NaN or infinite on some sample
 * @param pairs pairs that were looked at
 * @param survivors pairs that passed the cut of the first, cheap product
 * @param decidedInFloat32 survivors decided in float32
 * @param decidedInFloat64 survivors that float32 left open and float64 decided
 * @param decidedInDoubleDouble survivors that float64 left open
 * @param output the graph; null if none was to be written
 * @param scratch where transposed activations and ranks were kept: none, memory or file
 * @param degrees how many partners each neuron has, as a file; null if not asked for, as are the following
 * @param histogram how all correlations are distributed
 * @param matrix all correlations
 * @param stages what each stage of deciding the pairs was given, left open and took
 * @param topK how many partners of each neuron were asked for, of which {@code edges} are there in all; null for the
 *     graph of all pairs that reach the threshold
 * @param neuronTable one row a neuron
 * @param rows where the smaller neuron of an edge is, as --rows gave it; null for all rows
 * @param ranges what the work was cut into for its journal; null if it was done in one piece. Pairs, survivors and decided
 *     pairs are then those of the ranges that this run did itself, and the plan is theirs, null if there were none
 */
record CorrelationSummary(
        List<String> input,
        String layout,
        String metric,
        boolean abs,
        Double threshold,
        long neurons,
        long samples,
        long constant,
        long neverActive,
        long dropped,
        long edges,
        long pairs,
        long survivors,
        long decidedInFloat32,
        long decidedInFloat64,
        long decidedInDoubleDouble,
        String output,
        String triangle,
        String device,
        String tier,
        int threads,
        String scratch,
        Plan plan,
        long peakAnonymousBytes,
        Map<String, Double> seconds,
        String degrees,
        String histogram,
        String matrix,
        List<StageReport> stages,
        Integer topK,
        String neuronTable,
        String rows,
        Ranges ranges) {

    /** Of {@code count} ranges of rows, {@code resumed} had been finished by earlier runs. */
    record Ranges(int count, int resumed) {}

    /**
     * How the pairs were looked at.
     *
     * @param method brute: by all samples; principal, coordinates: by projections of {@code rank} numbers
     * @param leftPanel neurons of a left panel, and {@code rightPanel} of a right one
     * @param bytes what panels and lists of the search take
     * @param seconds what choosing the plan took, and projecting the neurons
     */
    record Plan(
            String method,
            int rank,
            long leftPanel,
            long rightPanel,
            long leftPanels,
            long bytes,
            Map<String, Double> seconds) {
        /** Null if nothing was left to look at. */
        static Plan of(Correlation found) {
            return found.plan() == null
                    ? null
                    : new Plan(
                            found.plan().method().name().toLowerCase(Locale.ROOT),
                            found.plan().rank(),
                            found.plan().tiles().left(),
                            found.plan().tiles().right(),
                            found.plan().tiles().leftPanels(),
                            found.plan().tiles().bytes(),
                            Map.of("plan", found.planSeconds(), "project", found.projectSeconds()));
        }
    }
}
