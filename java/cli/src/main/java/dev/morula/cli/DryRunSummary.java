package dev.morula.cli;

import dev.morula.activations.Activations;
import dev.morula.correlate.Forecast;
import dev.morula.correlate.StageReport;
import java.util.List;
import java.util.Locale;

/**
 * What a run of {@code morula correlate} would take and give: the JSON of {@code --dry-run}. Figures come from a sample of
 * the neurons; those of a layer too small for that are null.
 *
 * @param bytesToRead size of the activations
 * @param scratchBytes what a neuron-major copy of them would take, in memory or in a file beside the output; 0 if none is
 *     made
 * @param outputBytes size of the graph, every edge in both its rows
 * @param memoryBytes what matrices would take of {@code memoryBound}, the bound on the whole process
 * @param seconds those of projecting and of all stages; reading from a disk is not among them
 */
record DryRunSummary(
        boolean dryRun,
        long neurons,
        long samples,
        long bytesToRead,
        long scratchBytes,
        String method,
        Integer rank,
        Long pairs,
        Long edges,
        Long outputBytes,
        Long memoryBytes,
        long memoryBound,
        List<StageReport> stages,
        Double seconds) {
    private static final long ENTRY_BYTES = Integer.BYTES + Float.BYTES;

    static DryRunSummary of(Activations activations, boolean inPlace, Forecast forecast, Engine engine) {
        boolean copied = !inPlace && !activations.isNeuronMajor();
        return new DryRunSummary(
                true,
                activations.neurons(),
                activations.samples(),
                activations.bytes(),
                copied ? activations.bytes() : 0,
                forecast == null ? null : forecast.method().name().toLowerCase(Locale.ROOT),
                forecast == null ? null : forecast.rank(),
                forecast == null ? null : forecast.pairs(),
                forecast == null ? null : forecast.edges(),
                forecast == null
                        ? null
                        : 2 * forecast.edges() * ENTRY_BYTES + activations.neurons() * (long) Integer.BYTES,
                forecast == null ? null : forecast.bytes(),
                engine.memoryBytes(),
                forecast == null ? List.of() : forecast.stages(),
                forecast == null ? null : seconds(forecast));
    }

    private static double seconds(Forecast forecast) {
        double stages =
                forecast.stages().stream().mapToDouble(StageReport::seconds).sum();
        return forecast.projectSeconds() + stages;
    }

    /** The same in sentences. */
    String text() {
        String reads = String.format(
                Locale.ROOT,
                "%,d neurons, %,d samples: %s to read, %s.",
                neurons,
                samples,
                ByteSize.format(bytesToRead),
                scratchBytes == 0 ? "no scratch" : ByteSize.format(scratchBytes) + " of scratch");
        if (method == null) {
            return reads + " Too few neurons of the sample vary to foretell more.";
        }
        return String.format(
                Locale.ROOT,
                "%s%nPlan: %s%s. Of %,d pairs about %,d would be left after the first stage, %,d of them edges: %s of output.%n"
                        + "About %s of memory (bound %s) and %.1f s, besides reading.",
                reads,
                method,
                rank == 0 ? "" : ", " + rank + " numbers a neuron",
                pairs,
                stages.get(0).pairsOut(),
                edges,
                ByteSize.format(outputBytes),
                ByteSize.format(memoryBytes),
                ByteSize.format(memoryBound),
                seconds);
    }
}
