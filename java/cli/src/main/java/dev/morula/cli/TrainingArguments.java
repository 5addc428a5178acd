package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.network.Presets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options that describe a training. */
class TrainingArguments {
    private static final TrainingSettings DEFAULTS = TrainingSettings.defaults("", "");

    private static final Set<String> GOALS = Set.of("--until-zero-error", "--until-loss", "--patience");

    /** Lets help list the networks that there are. */
    static final class Networks implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Presets.examples().iterator();
        }
    }

    @Option(
            names = "--net",
            required = true,
            paramLabel = "NET",
            completionCandidates = Networks.class,
            description = "network: ${COMPLETION-CANDIDATES}")
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

    @Option(names = "--train-size", paramLabel = "N", description = "train on the first N samples only")
    private int trainSize = DEFAULTS.trainSize();

    @Option(
            names = "--validation",
            paramLabel = "N",
            description = "keep the last N train samples, to report the error on them after each epoch")
    private int validation = DEFAULTS.validation();

    @Option(
            names = "--labels",
            paramLabel = "SPEC",
            description =
                    "as-given (default) or parity, each with noise=0.2 or random, from=5000 and seed=1, after commas")
    private String labels = DEFAULTS.labels();

    @Option(
            names = "--prepare",
            paramLabel = "SPEC",
            description =
                    "standardise by set (default), channel, image or none; after commas pad=32x32, pca=10, whitened")
    private String preparation = DEFAULTS.preparation();

    @Option(
            names = "--augment",
            paramLabel = "SPEC",
            description = "none (default), crop, flip or crop-flip; crops with padding=4 and border=zero or reflect")
    private String augmentation = DEFAULTS.augmentation();

    @Option(
            names = "--init",
            paramLabel = "SPEC",
            description = "pytorch (default), he, glorot, lecun, orthogonal[,gain=1] or normal:0.01")
    private String initialisation = DEFAULTS.initialisation();

    @Option(
            names = "--loss",
            paramLabel = "SPEC",
            description = "cross-entropy (default), cross-entropy,smoothing=0.1, mse or hinge (squared)")
    private String loss = DEFAULTS.loss();

    @Option(
            names = "--optimizer",
            paramLabel = "SPEC",
            description = "sgd, adam or adamw with lr=, and momentum=, weight-decay=, nesterov or beta1=, beta2=, eps= "
                    + "(default: sgd,lr=0.05,momentum=0.9,weight-decay=5e-4)")
    private String optimizer = DEFAULTS.optimizer();

    @Option(
            names = "--schedule",
            paramLabel = "SPEC",
            description = "cosine (default), cosine,min=1e-4, constant, steps:12/20/40,factor=0.2 or exponential:0.95, "
                    + "each with ,warm-up=5")
    private String schedule = DEFAULTS.schedule();

    @Option(names = "--batch", paramLabel = "N", description = "samples a step (default: 128)")
    private int batch = DEFAULTS.batch();

    @Option(names = "--epochs", paramLabel = "N", description = "length of the schedule (default: 20)")
    private int epochs = DEFAULTS.epochs();

    @Option(
            names = "--until-zero-error",
            description = "after the schedule, go on at the last rate until no train sample is wrong")
    private boolean untilZeroError;

    @Option(
            names = "--until-loss",
            paramLabel = "X",
            description = "stop after the first epoch whose mean loss is at most X")
    private Double untilLoss;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description =
                    "stop when the validation error has not fallen for N epochs; the best epoch's weights are kept")
    private Integer patience;

    @Option(
            names = "--max-epochs",
            paramLabel = "N",
            description = "the last epoch allowed for the two --until goals (default: twice the schedule and 20)")
    private Integer maxEpochs;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "of initial weights, order, augmentation and dropout (default: 1)")
    private long seed = DEFAULTS.seed();

    @Option(
            names = "--keep-every",
            paramLabel = "N",
            description = "keep the weights of every N-th epoch as epoch-NNNN.safetensors")
    private Integer keepEvery;

    /** {@code base} with the options that {@code words} have; a goal among them takes the place of the goal there was. */
    static TrainingSettings changed(TrainingSettings base, List<String> words) {
        return change(new TrainingArguments(), base, words).settings();
    }

    /** Fills {@code arguments} with what {@code base} says and, after it, {@code words}. */
    static <T extends TrainingArguments> T change(T arguments, TrainingSettings base, List<String> words) {
        TrainingSettings kept = words.stream().anyMatch(GOALS::contains) ? base.withoutGoal() : base;
        List<String> all = new ArrayList<>(kept.arguments());
        all.addAll(words);
        new CommandLine(arguments).setOverwrittenOptionsAllowed(true).parseArgs(all.toArray(String[]::new));
        return arguments;
    }

    TrainingSettings settings() {
        return new TrainingSettings(
                net,
                data,
                trainSize,
                validation,
                labels,
                preparation,
                augmentation,
                initialisation,
                loss,
                optimizer,
                schedule,
                batch,
                epochs,
                untilZeroError,
                untilLoss,
                patience,
                maxEpochs,
                seed);
    }

    /** Epochs between two whose weights are kept, or 0. */
    int keepEvery() {
        if (keepEvery != null && keepEvery < 1) {
            throw MorulaException.usage("--keep-every %d: it must be at least 1", keepEvery);
        }
        return keepEvery == null ? 0 : keepEvery;
    }
}
