package dev.morula.cli;

import dev.morula.data.DataSource;
import dev.morula.data.Labelling;
import dev.morula.data.Npy;
import dev.morula.data.Split;
import dev.morula.kernel.Matrix;
import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.SweepSummary;
import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.Run;
import dev.morula.redundancy.sweep.DepthBounds;
import dev.morula.redundancy.sweep.GroupSummary;
import dev.morula.redundancy.sweep.Kind;
import dev.morula.redundancy.sweep.SeedResult;
import dev.morula.redundancy.sweep.Shapes;
import dev.morula.redundancy.sweep.WidthGrowths;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Summarises a sweep from the files of its networks. */
final class SweepSummaryStage {
    private final Engine engine;
    private final SweepFolder folder;
    private final SweepSettings settings;
    private final Map<List<String>, int[]> labels = new HashMap<>(); // kinds mostly have the same

    SweepSummaryStage(Engine engine, SweepFolder folder, SweepSettings settings) {
        this.engine = engine;
        this.folder = folder;
        this.settings = settings;
    }

    /** What the networks that could be trained came to. */
    SweepSummary run(SweepPlan plan) {
        List<Kind> kinds = new ArrayList<>();
        try {
            for (SweepPlan.Cell cell : plan.cells()) {
                Kind kind = kind(cell);
                if (!kind.seeds().isEmpty()) {
                    kinds.add(kind);
                }
            }
            List<Group> groups = kinds.stream()
                    .map(kind -> GroupSummary.of(
                            kind, kinds, settings.training().seed(), engine.kernels(), engine.workers()))
                    .toList();
            return new SweepSummary(
                    settings.training().net(),
                    settings.training().data(),
                    settings.analysis().chunks(),
                    settings.analysis().chunksR2(),
                    groups,
                    Shapes.of(groups),
                    WidthGrowths.of(groups),
                    DepthBounds.of(kinds));
        } finally {
            kinds.forEach(Kind::close);
        }
    }

    private Kind kind(SweepPlan.Cell cell) {
        List<SeedResult> seeds = new ArrayList<>();
        for (SweepPlan.Planned planned : cell.runs()) {
            SweepRun run = folder.run(planned);
            if (!run.hasFailed()) {
                seeds.add(seed(planned, run));
            }
        }
        return new Kind(
                cell.settings(),
                cell.name(),
                seeds,
                testLabels(cell.runs().get(0).settings()));
    }

    private static SeedResult seed(SweepPlan.Planned planned, SweepRun run) {
        TrainingSummary training = RunSummary.read(run.folder()).training();
        return new SeedResult(
                new Run(
                        planned.folder(),
                        training.seed(),
                        training.curve().size(),
                        training.trainError(),
                        training.testError(),
                        training.goalReached()),
                Json.read(run.analysis().analysis(), Analysis.class),
                map(run.analysis().testLogits()),
                map(run.analysis().chunkTestErrors()));
    }

    private static Matrix map(Path file) {
        return Files.exists(file) ? Npy.open(file).map() : null;
    }

    private int[] testLabels(TrainingSettings training) {
        return labels.computeIfAbsent(List.of(training.data(), training.labels()), key -> {
            Labelling labelling = Labelling.parse(training.labels());
            return labelling
                    .apply(DataSource.parse(training.data()).load(Split.TEST), Split.TEST)
                    .labels();
        });
    }
}
