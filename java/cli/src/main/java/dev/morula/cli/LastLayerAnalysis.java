package dev.morula.cli;

import dev.morula.data.Npy;
import dev.morula.data.NpyWriter;
import dev.morula.data.Split;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import dev.morula.network.Tap;
import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.Analysis.ChunkAnalysis;
import dev.morula.redundancy.Analysis.LayerAnalysis;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.Gram;
import dev.morula.redundancy.chunks.ChunkErrors;
import dev.morula.redundancy.chunks.ChunkFits;
import dev.morula.redundancy.chunks.ChunkSizes;
import dev.morula.train.Logits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Chunks of the last hidden layer alone, until runs are analysed as a whole. */
final class LastLayerAnalysis implements RunAnalysis {
    @Override
    public void run(Engine engine, RunFolder folder, AnalysisSettings settings, Path target) {
        RunFolder.create(target);
        try (TrainedRun run = TrainedRun.open(engine, folder)) {
            Tap tap = Tap.of(run.definition(), "last");
            Features train = run.features(tap, Split.TRAIN);
            Features test = run.features(tap, Split.TEST);
            try (Matrix ofTrain = train.activations();
                    Matrix ofTest = test.activations();
                    Gram gram = Gram.of(ofTest, engine.kernels(), engine.workers());
                    Matrix logits =
                            Logits.of(run.network(), run.samples(Split.TEST), engine.kernels(), engine.workers())) {
                Npy.write(target.resolve("test-logits.npy"), logits);
                int[] sizes = ChunkSizes.of(Math.toIntExact(ofTrain.columns()));
                List<ChunkErrors> onTrain = errors(engine, run, train, sizes, settings);
                List<ChunkErrors> onTest = errors(engine, run, test, sizes, settings);
                write(target.resolve("chunk-test-errors.npy"), onTest);
                List<ChunkFits> fits = ChunkFits.of(
                        gram, sizes, settings.chunksR2(), settings.seed(), engine.kernels(), engine.workers());
                List<ChunkAnalysis> chunks = new ArrayList<>();
                for (int k = 0; k < sizes.length; k++) {
                    chunks.add(chunk(onTrain.get(k), onTest.get(k), k < fits.size() ? fits.get(k) : null));
                }
                LayerAnalysis layer = new LayerAnalysis(
                        train.neurons(),
                        train.samples(),
                        0,
                        0,
                        null,
                        null,
                        chunks,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null);
                Json.write(
                        target.resolve("analysis.json"),
                        new Analysis(1, settings.seed(), Map.of("last", layer), null, Map.of(), null));
            }
        }
    }

    private static List<ChunkErrors> errors(
            Engine engine, TrainedRun run, Features features, int[] sizes, AnalysisSettings settings) {
        return ChunkErrors.of(
                features, run.readOut(), sizes, settings.chunks(), settings.seed(), engine.kernels(), engine.workers());
    }

    private static void write(Path file, List<ChunkErrors> errors) {
        try (NpyWriter writer = NpyWriter.create(
                file, ElementType.F32, errors.size(), errors.get(0).sharesWrong().length)) {
            errors.forEach(size -> writer.append(size.sharesWrong()));
            writer.commit();
        }
    }

    private static ChunkAnalysis chunk(ChunkErrors train, ChunkErrors test, ChunkFits fits) {
        Estimate r2 = fits == null ? Estimate.NONE : fits.r2();
        Estimate out = fits == null ? Estimate.NONE : fits.residualCorrelation();
        Estimate all = fits == null ? Estimate.NONE : fits.residualCorrelationAllPairs();
        return new ChunkAnalysis(
                train.size(),
                train.error().mean(),
                train.error().standardError(),
                test.error().mean(),
                test.error().standardError(),
                r2.mean(),
                r2.standardError(),
                out.mean(),
                out.standardError(),
                all.mean(),
                all.standardError(),
                fits == null ? null : fits.independentNoise());
    }
}
