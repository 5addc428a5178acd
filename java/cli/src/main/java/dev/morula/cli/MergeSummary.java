package dev.morula.cli;

import java.util.List;
import java.util.Map;

/**
 * What assembling shards gave: the JSON of {@code morula merge}, kept beside the graph.
 *
 * @param settings what the shards were computed with, as they state it
 * @param neurons all neurons of the layer, W
 */
record MergeSummary(
        List<String> shards,
        Map<String, String> settings,
        int neurons,
        long edges,
        String output,
        String triangle,
        int threads,
        long peakAnonymousBytes,
        Map<String, Double> seconds) {}
