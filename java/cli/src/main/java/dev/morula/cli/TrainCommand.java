package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.data.DataSource;
import dev.morula.report.TextSummary;
import dev.morula.train.Goal;
import dev.morula.train.Schedule;
import dev.morula.train.Sgd;
import dev.morula.train.TrainingOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a network. */
@Command(
        name = "train",
        description = "Trains a network and writes its weights, curves and settings to a run folder; exits with 6 if "
                + "--until-zero-error was asked for and missed.")
final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private EngineOptions engineOptions;

    @Mixin
    private Output output;

    @Option(
            names = "--net",
            required = true,
            paramLabel = "NET",
            description = "network, such as mlp:784-256-256-4096: inputs, then the hidden layers, each with ReLU")
    private String net;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DATA",
            description =
                    "mnist-mini, mnist:DIR, fashion-mnist:DIR (IDX files, plain or .gz), cifar10:DIR, cifar100:DIR (binary "
                            + "version), npy:DIR (train-x.npy, train-y.npy, test-x.npy, test-y.npy), or "
                            + "teacher:d=10,m=32,train=10000,test=2000,seed=1")
    private String data;

    @Option(names = "--train-size", paramLabel = "N", description = "train on the first N images only")
    private int trainSize = Integer.MAX_VALUE;

    @Option(
            names = "--optimizer",
            paramLabel = "SPEC",
            description = "default: sgd,lr=0.05,momentum=0.9,weight-decay=5e-4")
    private String optimizer = "sgd,lr=0.05,momentum=0.9,weight-decay=5e-4";

    @Option(names = "--schedule", paramLabel = "NAME", description = "cosine (default) or constant")
    private String schedule = "cosine";

    @Option(names = "--batch", paramLabel = "N", description = "samples a step (default: 128)")
    private int batch = 128;

    @Option(names = "--epochs", paramLabel = "N", description = "length of the schedule (default: 20)")
    private int epochs = 20;

    @Option(
            names = "--until-zero-error",
            description = "after the schedule, go on at the last rate until no train image is wrong")
    private boolean untilZeroError;

    @Option(
            names = "--max-epochs",
            paramLabel = "N",
            description = "the last epoch allowed for that (default: twice the schedule and 20)")
    private Integer maxEpochs;

    @Option(names = "--seed", paramLabel = "N", description = "of initial weights and order of images (default: 1)")
    private long seed = 1;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "run folder, made if needed")
    private Path out;

    @Override
    public Integer call() {
        DataSource source = DataSource.parse(data);
        TrainingOptions options = options();
        if (trainSize < 1) {
            throw MorulaException.usage("--train-size %d: at least 1 image is needed", trainSize);
        }
        RunFolder folder = RunFolder.create(out);
        RunSummary.requireFree(folder, "train");
        RunSummary run;
        try (ProgressDisplay progress = output.progress();
                Engine engine = engineOptions.open(progress)) {
            TrainingSummary training = new TrainStage(engine).run(net, source, trainSize, options, folder.weights());
            run = RunSummary.of(
                    "train", spec.commandLine().getParent().getParseResult().originalArgs(), training);
            Json.write(folder.run(), run);
        }
        ReportStage.Parts parts = new ReportStage.Parts(run, null, null, null, null, null);
        output.print(
                run,
                TextSummary.of(
                                ReportStage.headline(parts),
                                Map.of("train", run.training().seconds())) + "\nRun: " + folder.path());
        return Goals.exitCode(run.training(), spec.commandLine().getErr());
    }

    private TrainingOptions options() {
        TrainingOptions.Builder builder = TrainingOptions.builder()
                .optimizer(Sgd.parse(optimizer))
                .schedule(Schedule.parse(schedule))
                .batch(batch)
                .epochs(epochs)
                .goal(untilZeroError ? Goal.ZERO_TRAIN_ERROR : Goal.SCHEDULE_DONE)
                .seed(seed);
        if (maxEpochs != null) {
            builder.maxEpochs(maxEpochs);
        }
        return builder.build();
    }
}
