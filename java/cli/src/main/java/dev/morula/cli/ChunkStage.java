package dev.morula.cli;

import dev.morula.kernel.Progress;
import dev.morula.kernel.Stage;
import dev.morula.redundancy.Analysis.ChunkAnalysis;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.Gram;
import dev.morula.redundancy.ReadOut;
import dev.morula.redundancy.chunks.ChunkErrors;
import dev.morula.redundancy.chunks.ChunkFits;
import dev.morula.redundancy.chunks.ChunkSizes;
import dev.morula.redundancy.chunks.CriticalWidth;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Looks at random chunks of the layer that the read-out reads. */
final class ChunkStage {
    private static final Stage CHUNKS = new Stage("chunks", Stage.Unit.CHUNKS);

    private final Engine engine;
    private final AnalysisSettings settings;
    private final List<String> notes = new ArrayList<>();

    ChunkStage(Engine engine, AnalysisSettings settings) {
        this.engine = engine;
        this.settings = settings;
    }

    /**
     * What chunks of a layer came to.
     *
     * @param trainError that of the whole layer; null without a read-out, as the next is without test samples
     * @param criticalWidth null where there is none
     * @param testShares for each size, ascending, and each test sample the share of chunks that get it wrong; null without
     *     test errors
     */
    record Found(
            List<ChunkAnalysis> chunks,
            Double trainError,
            Double testError,
            Double criticalWidth,
            List<float[]> testShares) {}

    /** Sentences on what was left out. */
    List<String> notes() {
        return notes;
    }

    /** Looks at chunks of one layer; {@code test} and {@code readOut} may be null, and take what needs them with them. */
    Found run(Features train, Features test, ReadOut readOut) {
        int[] sizes = ChunkSizes.of(train.neurons());
        List<ChunkErrors> onTrain = readOut == null ? null : errors(train, readOut, sizes);
        List<ChunkErrors> onTest = readOut == null || test == null ? null : errors(test, readOut, sizes);
        List<ChunkFits> fits = fits(test, sizes);
        List<ChunkAnalysis> chunks = new ArrayList<>();
        for (int k = 0; k < sizes.length; k++) {
            chunks.add(analysis(
                    sizes[k],
                    onTrain == null ? Estimate.NONE : onTrain.get(k).error(),
                    onTest == null ? Estimate.NONE : onTest.get(k).error(),
                    k < fits.size() ? fits.get(k) : null));
        }
        return new Found(
                chunks,
                whole(onTrain),
                whole(onTest),
                onTrain == null ? null : criticalWidth(sizes, onTrain),
                onTest == null
                        ? null
                        : onTest.stream().map(ChunkErrors::sharesWrong).toList());
    }

    private List<ChunkErrors> errors(Features features, ReadOut readOut, int[] sizes) {
        return ChunkErrors.of(
                features, readOut, sizes, settings.chunks(), settings.seed(), engine.kernels(), engine.workers());
    }

    private static Double whole(List<ChunkErrors> errors) {
        return errors == null ? null : errors.get(errors.size() - 1).error().mean();
    }

    private static Double criticalWidth(int[] sizes, List<ChunkErrors> onTrain) {
        double[] errors =
                onTrain.stream().mapToDouble(each -> each.error().mean()).toArray();
        OptionalDouble found = CriticalWidth.of(sizes, errors, errors[errors.length - 1]);
        return found.isPresent() ? found.getAsDouble() : null;
    }

    /** Fits of sizes below the width, one after the other, so that progress shows; none where there is no room. */
    private List<ChunkFits> fits(Features test, int[] sizes) {
        if (settings.chunksR2() == 0) {
            return List.of();
        } else if (test == null) {
            notes.add("R^2 and residual correlations take test samples, and there are none.");
            return List.of();
        }
        long bytes = ChunkFits.bytes(test.neurons(), Math.max(1, test.neurons() / 2), engine.workers());
        if (bytes > engine.matrixBytes() / 2) {
            notes.add(String.format(
                    "R^2 and residual correlations of %,d neurons take %s of memory, and %s may be used for them: left out.",
                    test.neurons(), ByteSize.format(bytes), ByteSize.format(engine.matrixBytes() / 2)));
            return List.of();
        }
        List<ChunkFits> fits = new ArrayList<>();
        try (Gram gram = Gram.of(test.activations(), engine.kernels(), engine.workers())) {
            Progress progress = engine.progress();
            for (int k = 0; k < sizes.length; k++) {
                fits.addAll(ChunkFits.of(
                        gram,
                        new int[] {sizes[k]},
                        settings.chunksR2(),
                        settings.seed(),
                        engine.kernels(),
                        engine.workers()));
                progress.report(CHUNKS, (k + 1L) * settings.chunksR2(), (long) sizes.length * settings.chunksR2());
            }
        }
        return fits;
    }

    private static ChunkAnalysis analysis(int size, Estimate train, Estimate test, ChunkFits fits) {
        Estimate r2 = fits == null ? Estimate.NONE : fits.r2();
        Estimate heldOut = fits == null ? Estimate.NONE : fits.residualCorrelation();
        Estimate all = fits == null ? Estimate.NONE : fits.residualCorrelationAllPairs();
        return new ChunkAnalysis(
                size,
                train.mean(),
                train.standardError(),
                test.mean(),
                test.standardError(),
                r2.mean(),
                r2.standardError(),
                heldOut.mean(),
                heldOut.standardError(),
                all.mean(),
                all.standardError(),
                fits == null ? null : fits.independentNoise());
    }
}
