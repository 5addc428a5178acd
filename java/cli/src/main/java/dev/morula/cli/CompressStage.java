package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.data.OutputFolder;
import dev.morula.data.Split;
import dev.morula.network.Tap;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.Gram;
import dev.morula.redundancy.compress.FewestNeurons;
import dev.morula.redundancy.compress.Folding;
import dev.morula.redundancy.compress.ForwardSelection;
import dev.morula.redundancy.compress.Merges;
import dev.morula.redundancy.compress.NarrowNetwork;
import dev.morula.redundancy.compress.ReadOutError;
import dev.morula.train.Network;
import dev.morula.train.Weights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes the last hidden layer of a trained network smaller; what is kept is chosen on train samples alone. */
final class CompressStage {
    private static final String MODEL = "model.safetensors";
    private static final String MERGE = "merge.json";
    private static final String SUMMARY = "compression.json";
    private static final double POINTS = 100;

    private final Engine engine;
    private final Stopwatch stopwatch = new Stopwatch();

    CompressStage(Engine engine) {
        this.engine = engine;
    }

    /**
     * What to keep.
     *
     * @param keep neurons; null to keep as few as {@code maxErrorRise} allows
     * @param maxErrorRise points (hundredths) by which the train error may rise; null if a number is given
     */
    record Request(Integer keep, Double maxErrorRise) {}

    /** Writes the smaller network, which neurons are kept, where the others went, and what it did, to the folder {@code out}. */
    CompressionSummary run(RunFolder folder, Request request, Path out) {
        try (TrainedRun run = TrainedRun.open(engine, folder)) {
            Tap last = Tap.of(run.definition(), "last");
            NarrowNetwork.definition(run.definition(), 1); // refuses what cannot be made smaller
            int neurons = last.shape().size();
            if (request.keep() != null && request.keep() >= neurons) {
                throw MorulaException.usage(
                        "--keep %d: %s has %d neurons in its last hidden layer, so at most %d are fewer",
                        request.keep(), run.definition(), neurons, neurons - 1);
            }
            requireMemory(run, neurons, request);
            Chosen chosen = stopwatch.time("choose", () -> choose(run, last, request));
            return write(folder, run, last, chosen, request, out);
        }
    }

    private void requireMemory(TrainedRun run, long neurons, Request request) {
        long samples = run.samples(Split.TRAIN).count();
        long factor = request.keep() == null ? neurons : request.keep();
        engine.requireMemory(
                Double.BYTES * neurons * (neurons + factor) + Float.BYTES * neurons * samples,
                String.format("choosing among %,d neurons", neurons));
    }

    /** What is kept, where the rest went, and train errors before and after. */
    private record Chosen(Folding folding, Merges merges, double before, double after) {}

    private Chosen choose(TrainedRun run, Tap last, Request request) {
        try (Features train = run.features(last, Split.TRAIN);
                Gram gram = Gram.of(train.activations(), engine.kernels(), engine.workers());
                ForwardSelection selection = new ForwardSelection(gram, run.readOut(), engine.workers())) {
            double before = ReadOutError.of(train, run.readOut(), engine.kernels(), engine.workers());
            Folding folding = request.keep() != null
                    ? selection.fold(selection.keep(request.keep()))
                    : FewestNeurons.search(
                            selection, before + request.maxErrorRise() / POINTS, found -> error(train, found));
            Merges merges = Merges.of(gram, folding.kept(), engine.workers());
            return new Chosen(folding, merges, before, error(train, folding));
        }
    }

    private double error(Features features, Folding folding) {
        return ReadOutError.of(features, folding, engine.kernels(), engine.workers());
    }

    private CompressionSummary write(
            RunFolder folder, TrainedRun run, Tap last, Chosen chosen, Request request, Path out) {
        CompressionSummary summary = summary(folder, run, last, chosen, request);
        try (OutputFolder made = OutputFolder.create(out);
                Network narrow = NarrowNetwork.of(run.network(), chosen.folding())) {
            made.write(
                    MODEL,
                    file -> Weights.write(
                            file, narrow, Map.of("net", narrow.definition().name())));
            made.write(MERGE, file -> Json.write(file, lists(chosen)));
            made.write(SUMMARY, file -> Json.write(file, summary));
            made.commit();
        }
        return summary;
    }

    private static Map<String, Object> lists(Chosen chosen) {
        Map<String, Object> lists = new LinkedHashMap<>();
        lists.put("kept", chosen.folding().kept());
        lists.put("merged", chosen.merges().merged());
        lists.put("constant", chosen.merges().constant());
        return lists;
    }

    private CompressionSummary summary(RunFolder folder, TrainedRun run, Tap last, Chosen chosen, Request request) {
        Folding folding = chosen.folding();
        try (Features test = run.features(last, Split.TEST)) {
            double before = ReadOutError.of(test, run.readOut(), engine.kernels(), engine.workers());
            double after = error(test, folding);
            double unfolded = error(test, Folding.none(folding.kept(), run.readOut()));
            return new CompressionSummary(
                    folder.path().toString(),
                    run.definition().name(),
                    NarrowNetwork.hasName(run.definition())
                            ? NarrowNetwork.definition(run.definition(), folding.kept().length)
                                    .name()
                            : null,
                    test.neurons(),
                    folding.kept().length,
                    request.maxErrorRise(),
                    folding.explained(),
                    chosen.before(),
                    chosen.after(),
                    before,
                    after,
                    unfolded,
                    sentence(test.neurons(), folding, before, after, unfolded),
                    stopwatch.seconds());
        }
    }

    private static String sentence(int neurons, Folding folding, double before, double after, double unfolded) {
        return String.format(
                "Of %,d neurons %,d are kept: the test error goes from %.2f %% to %.2f %%, and would go to %.2f %% if the "
                        + "read-out's weights for the others were dropped instead of folded into theirs.",
                neurons, folding.kept().length, POINTS * before, POINTS * after, POINTS * unfolded);
    }
}
