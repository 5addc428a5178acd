package dev.morula.cli;

import dev.morula.Version;
import dev.morula.cluster.Duplicates;
import dev.morula.data.NpyWriter;
import dev.morula.data.OutputFolder;
import dev.morula.data.TensorPath;
import dev.morula.kernel.ElementType;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the duplicates among rows, and writes which to keep, which stands for which, and a certificate. */
final class DedupeStage {
    private static final String KEEP = "keep.npy";
    private static final String MERGE = "merge.json";
    private static final String CERTIFICATE = "certificate.json";

    private final Engine engine;
    private final CorrelateStage.Request request;
    private final Stopwatch stopwatch = new Stopwatch();

    /** {@code request} says what to read and compare; its output is the folder to make. */
    DedupeStage(Engine engine, CorrelateStage.Request request) {
        this.engine = engine;
        this.request = request;
    }

    DedupeCertificate run() {
        List<InputHash.Version> files = request.input().stream()
                .map(path -> InputHash.Version.of(TensorPath.parse(path).open().file()))
                .toList();
        CorrelateStage stage = new CorrelateStage(engine, request, CorrelateStage.Results.RETURNED);
        try (CorrelateStage.Correlated found = stage.run()) {
            Duplicates duplicates = stopwatch.time("choose", () -> Duplicates.of(found.graph()));
            RowKinds kinds = RowKinds.of(found.layer(), duplicates);
            List<InputHash> input = stopwatch.time("hash", () -> InputHash.of(request.input(), engine));
            files.forEach(InputHash.Version::requireUnchanged);
            DedupeCertificate certificate = certificate(found.summary(), duplicates, kinds, input);
            write(request.out(), duplicates, kinds, certificate);
            return certificate;
        }
    }

    private void write(Path target, Duplicates duplicates, RowKinds kinds, DedupeCertificate certificate) {
        try (OutputFolder folder = OutputFolder.create(target)) {
            folder.write(KEEP, file -> writeRows(file, duplicates.kept()));
            folder.write(MERGE, new MergeFile(duplicates, kinds, request.sign())::write);
            folder.write(CERTIFICATE, file -> Json.write(file, certificate));
            folder.commit();
        }
    }

    private static void writeRows(Path file, long[] rows) {
        try (NpyWriter writer = NpyWriter.create(file, ElementType.I64, rows.length)) {
            writer.append(rows);
            writer.commit();
        }
    }

    private DedupeCertificate certificate(
            CorrelationSummary summary, Duplicates duplicates, RowKinds kinds, List<InputHash> input) {
        Map<String, Double> seconds = new LinkedHashMap<>(summary.seconds());
        seconds.putAll(stopwatch.seconds());
        return new DedupeCertificate(
                Version.current(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                input,
                summary.layout(),
                summary.metric(),
                summary.abs(),
                summary.threshold(),
                summary.neurons(),
                summary.samples(),
                summary.neurons() - duplicates.removed(),
                duplicates.removed(),
                duplicates.groups(),
                duplicates.largestGroup(),
                kinds.zero().length,
                kinds.constant().length,
                kinds.nonFinite().length,
                DedupeCertificate.EXACT,
                DedupeCertificate.LARGEST_CORRELATION_ERROR,
                summary.pairs(),
                summary.stages(),
                summary.device(),
                summary.tier(),
                summary.threads(),
                seconds);
    }
}
