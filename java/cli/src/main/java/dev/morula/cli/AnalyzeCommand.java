package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.activations.Layout;
import dev.morula.redundancy.Analysis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures how much of a network is there more than once. */
@Command(
        name = "analyze",
        description =
                "Measures redundancy as three papers define it: what random chunks of the last hidden layer can do, "
                        + "repeated and removable units, nearest class centres and neural collapse. Of a run, or of layers whose "
                        + "activations are in files; ablating networks trained elsewhere waits for ONNX import. Writes "
                        + "analysis.json and report.html.")
final class AnalyzeCommand implements Callable<Integer> {
    @Mixin
    private EngineOptions engineOptions;

    @Mixin
    private Output output;

    @Parameters(arity = "0..1", paramLabel = "RUN", description = "run folder, as morula train makes it")
    private Path run;

    @Option(
            names = "--layers",
            paramLabel = "WHICH",
            description = "last (default): what the read-out of a run reads; all: every hidden layer, the network's "
                    + "effective depth and its ablation too")
    private AnalysisSettings.Layers layers = AnalysisSettings.DEFAULT.layers();

    @Option(
            names = "--layer",
            paramLabel = "NAME=FILE",
            description = "activations of a layer on train samples (.npy, .safetensors[:TENSOR]); repeatable, first to "
                    + "last; the last is what the read-out reads")
    private Map<String, String> layer = new LinkedHashMap<>();

    @Option(names = "--test-layer", paramLabel = "NAME=FILE", description = "the same on test samples; repeatable")
    private Map<String, String> testLayer = new LinkedHashMap<>();

    @Option(
            names = "--layout",
            paramLabel = "NAME",
            description = "of activation files: samples-first (default) or neurons-first",
            converter = LayoutName.class)
    private Layout layout = Layout.SAMPLES_FIRST;

    @Option(names = "--labels", paramLabel = "FILE", description = "classes of the train samples (.npy)")
    private Path labels;

    @Option(names = "--test-labels", paramLabel = "FILE", description = "classes of the test samples (.npy)")
    private Path testLabels;

    @Option(
            names = "--readout-weight",
            paramLabel = "FILE",
            description = "weight of the read-out, outputs x neurons (.npy); without it there are no errors of chunks")
    private Path weight;

    @Option(names = "--readout-bias", paramLabel = "FILE", description = "its bias (.npy); 0 if there is none")
    private Path bias;

    @Option(
            names = "--chunks",
            paramLabel = "N",
            description = "random chunks of each size whose errors are measured (default: 100)")
    private int chunks = AnalysisSettings.DEFAULT.chunks();

    @Option(
            names = "--chunks-r2",
            paramLabel = "N",
            description = "of them how many to regress the layer on, for R^2 and residual correlations; 0 for none "
                    + "(default: 40)")
    private int chunksR2 = AnalysisSettings.DEFAULT.chunksR2();

    @Option(
            names = "--depth-error",
            paramLabel = "E,...",
            split = ",",
            description = "train errors of the nearest class centre from which on a layer is deep enough (default: "
                    + "0.01,0.03,0.05,0.1)")
    private List<Double> depthErrors = AnalysisSettings.DEFAULT.depthErrors();

    @Option(names = "--seed", paramLabel = "N", description = "of every random choice (default: 1)")
    private long seed = AnalysisSettings.DEFAULT.seed();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "folder to write to (default for a run: its folder analysis)")
    private Path out;

    @Override
    public Integer call() {
        AnalysisSettings settings = new AnalysisSettings(layers, chunks, chunksR2, depthErrors, seed);
        Path target = target();
        Analysis analysis;
        try (ProgressDisplay progress = output.progress();
                Engine engine = engineOptions.open(progress)) {
            AnalyzeStage stage = new AnalyzeStage(engine);
            analysis = run != null
                    ? stage.run(RunFolder.open(run), settings, target)
                    : stage.files(
                            new StoredLayers(layer, testLayer, layout, labels, testLabels, weight, bias),
                            settings,
                            target);
        }
        List<Path> pages = AnalysisPages.write(target);
        output.print(analysis, AnalysisText.of(analysis) + "\nReport: " + pages.get(0));
        return 0;
    }

    private Path target() {
        if (run != null && !(layer.isEmpty() && testLayer.isEmpty() && labels == null && weight == null)) {
            throw MorulaException.usage(
                    "analyze: %s is a run, which knows its layers, labels and read-out; give either a run or files",
                    run);
        } else if (run != null && Files.isRegularFile(run)) {
            throw MorulaException.usage(
                    "analyze: %s is a file, and a run is a folder; layers in files are given as --layer NAME=%s --labels "
                            + "y.npy --out DIR",
                    run, run);
        } else if (run == null && out == null) {
            throw MorulaException.usage("--out DIR: analyses of files need a folder to write to");
        }
        return out != null ? out : RunFolder.open(run).analysis();
    }
}
