package dev.morula.cli;

import dev.morula.correlate.StageReport;
import java.util.List;
import java.util.Map;

/**
 * What correlating one layer's neurons with another's took and gave: the JSON of {@code morula correlate --against}. Fields
 * that {@link CorrelationSummary} has mean the same.
 *
 * @param input the layer whose neurons are the rows
 * @param against the layer whose neurons are the columns
 * @param neurons of the first layer
 * @param againstNeurons of the second layer
 * @param constant neurons of both whose minimum equals their maximum
 * @param dropped neurons of both left out because they are NaN or infinite on some sample
 * @param stages what each stage of deciding the pairs was given, left open and took
 * @param symmetric false: entry (i, j) is the correlation of neuron i of the first with neuron j of the second layer
 */
record AgainstSummary(
        List<String> input,
        List<String> against,
        String layout,
        String metric,
        boolean abs,
        double threshold,
        long neurons,
        long againstNeurons,
        long samples,
        long constant,
        long dropped,
        long edges,
        long pairs,
        long survivors,
        long decidedInFloat32,
        long decidedInFloat64,
        long decidedInDoubleDouble,
        String output,
        boolean symmetric,
        String device,
        String tier,
        int threads,
        CorrelationSummary.Plan plan,
        long peakAnonymousBytes,
        Map<String, Double> seconds,
        List<StageReport> stages) {}
