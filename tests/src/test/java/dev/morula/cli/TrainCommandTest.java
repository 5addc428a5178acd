package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.morula.data.Npy;
import dev.morula.data.NpyWriter;
import dev.morula.data.SafetensorsFile;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code morula train}: its options, its errors, and runs that stop half way. */
class TrainCommandTest {
    private static final String SECONDS = "morula.checkpointSeconds";
    private static final String TEACHER = "teacher:d=5,m=4,train=200,test=50";
    private static final String SMALL = "--net mlp:5-8 --epochs 3 --data " + TEACHER;
    private static final String IMAGES = "--net conv-L1-H4 --epochs 1 --data mnist-mini --train-size 300";

    /** Its weights grow by a factor of -4 a step, and are infinite after some epochs. */
    private static final String DIVERGING = "--net mlp:5-8 --epochs 90 --data " + TEACHER
            + " --optimizer sgd,lr=0.05,weight-decay=100 --schedule constant";

    @TempDir
    private Path folder;

    @AfterEach
    void clear() {
        System.clearProperty(SECONDS);
    }

    private Path run() {
        return folder.resolve("run");
    }

    /** {@code morula train} with options that hold no spaces, to {@link #run()}. */
    private Run train(String options, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("train", "--out", run()));
        arguments.addAll(List.of(options.split(" ")));
        arguments.addAll(List.of(more));
        return Run.of(arguments.toArray());
    }

    /** {@code options}, and what {@link #SMALL} has beside them. */
    private static String completed(String options) {
        String[] small = SMALL.split(" ");
        StringBuilder all = new StringBuilder(options);
        for (int i = 0; i < small.length; i += 2) {
            if (!options.contains(small[i] + " ")) {
                all.append(' ').append(small[i]).append(' ').append(small[i + 1]);
            }
        }
        return all.toString();
    }

    private Run resume(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("train", "--resume", run()));
        arguments.addAll(List.of(more));
        return Run.of(arguments.toArray());
    }

    private Set<String> names() {
        return FolderContent.of(run()).files().keySet();
    }

    /** The epochs that metrics.jsonl has lines of. */
    private List<Integer> metrics() {
        ObjectMapper json = new ObjectMapper();
        List<Integer> epochs = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(run().resolve("metrics.jsonl"))) {
                JsonNode report = json.readTree(line);
                assertThat(report.fieldNames())
                        .toIterable()
                        .contains("epoch", "rate", "trainLoss", "trainError", "validationError", "seconds");
                epochs.add(report.get("epoch").asInt());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return epochs;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--train-size 100",
                "--validation 20",
                "--validation 20 --patience 1",
                "--labels parity,noise=0.1,seed=3",
                "--labels random",
                "--prepare channel,pca=3,whitened --net mlp:3-8",
                "--prepare none",
                "--init he",
                "--init orthogonal,gain=1",
                "--init normal:0.1",
                "--loss cross-entropy,smoothing=0.1",
                "--loss mse",
                "--loss hinge",
                "--optimizer sgd,lr=0.01,momentum=0.5,nesterov",
                "--optimizer adam,lr=1e-3",
                "--optimizer adamw,lr=1e-3,weight-decay=0.1",
                "--schedule constant",
                "--schedule cosine,min=1e-4,warm-up=1",
                "--schedule steps:1/2,factor=0.2",
                "--schedule exponential:0.9",
                "--batch 32",
                "--batch 1000",
                "--until-loss 9",
                "--until-loss 9 --max-epochs 4",
                "--seed 7",
                "--threads 1"
            })
    void everyOptionTrains(String options) {
        JsonNode training =
                train("--json " + completed(options)).exits(0).json().get("training");
        assertThat(names()).containsExactlyInAnyOrder("", "run.json", "model.safetensors", "metrics.jsonl");
        JsonNode settings = training.get("settings");
        String[] words = options.split(" ");
        Map<String, String> fields =
                Map.of("prepare", "preparation", "augment", "augmentation", "init", "initialisation");
        for (int i = 0; i < words.length; i += 2) {
            String option = words[i].substring(2);
            JsonNode kept = settings.path(fields.getOrDefault(option, camelCase(option)));
            assertThat(kept.isMissingNode()).as(option).isEqualTo(option.equals("threads"));
            if (kept.isNumber()) {
                assertThat(kept.asDouble()).isEqualTo(Double.parseDouble(words[i + 1]));
            } else if (!kept.isMissingNode()) {
                assertThat(kept.asText()).isEqualTo(words[i + 1]);
            }
        }
        assertThat(training.get("maxEpochs").asInt())
                .isEqualTo(options.contains("max-epochs") ? 4 : options.contains("until") ? 26 : 3);
        assertThat(metrics()).hasSize(training.get("curve").size()).isSorted().startsWith(1);
    }

    private static String camelCase(String option) {
        String[] words = option.split("-");
        return words[0]
                + Arrays.stream(words)
                        .skip(1)
                        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                        .reduce("", String::concat);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--augment crop-flip,padding=2,border=reflect",
                "--augment flip --prepare image,pad=32x32",
                "--validation 9700 --batch 64"
            })
    void imagesTrain(String options) {
        train(IMAGES + " " + options).exits(0);
        assertThat(metrics()).containsExactly(1);
        assertThat(SafetensorsFile.open(run().resolve("model.safetensors")).names())
                .contains("0.weight", "1.running_mean");
    }

    private static void writeArrays(Path data) {
        for (String split : List.of("train", "test")) {
            LayerFiles.npy(
                    data.resolve(split + "-x.npy"), new double[][] {{1, 2, 3}, {2, 1, 0}, {5, 2, 1}}, ElementType.F32);
            try (NpyWriter labels = NpyWriter.create(data.resolve(split + "-y.npy"), ElementType.I32, 3)) {
                labels.append(new int[] {0, 1, 1});
                labels.commit();
            }
        }
    }

    @Test
    void readsArraysOfOthers() {
        writeArrays(folder);
        JsonNode training = train("--json --net mlp:3-16 --until-zero-error --data npy:" + folder)
                .exits(0)
                .json()
                .get("training");
        assertThat(training.get("goal").asText()).isEqualTo("zero-train-error");
        assertThat(training.get("trainSize").asInt()).isEqualTo(3);
        assertThat(training.get("trainError").asDouble()).isZero();
    }

    @Test
    void keepsTheWeightsOfSomeEpochs() {
        train("--net mlp:5-8 --epochs 5 --data " + TEACHER + " --keep-every 2 --schedule constant")
                .exits(0);
        assertThat(names())
                .containsExactlyInAnyOrder(
                        "",
                        "run.json",
                        "model.safetensors",
                        "metrics.jsonl",
                        "epoch-0002.safetensors",
                        "epoch-0004.safetensors");
        Path fourth = run().resolve("epoch-0004.safetensors");
        assertThat(SafetensorsFile.open(fourth).metadata()).containsEntry("net", "mlp:5-8");
        assertThat(kept(fourth)).isNotEqualTo(kept(run().resolve("model.safetensors")));
        Path other = folder.resolve("other");
        Run.of("train", "--net", "mlp:5-8", "--epochs", 4, "--schedule", "constant", "--data", TEACHER, "--out", other)
                .exits(0);
        assertThat(kept(fourth)).isEqualTo(kept(other.resolve("model.safetensors")));
    }

    private static List<Float> kept(Path weights) {
        List<Float> numbers = new ArrayList<>();
        try (Matrix values = SafetensorsFile.open(weights).tensor("0.weight").map()) {
            for (long row = 0; row < values.rows(); row++) {
                for (float value : values.row(row)) {
                    numbers.add(value);
                }
            }
        }
        return numbers;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--until-zero-error --until-loss 1|--until-zero-error, --until-loss and --patience are three goals; give one",
                "--until-loss 1 --patience 2 --validation 9|are three goals; give one",
                "--patience 2|--patience 2: stopping early takes --validation of at least 1 sample",
                "--patience 0 --validation 9|patience is 0, but must be at least 1 epoch",
                "--validation=-1|--validation -1: it must be 0 samples or more",
                "--validation 200|--validation 200: leaves none of the 200 train samples of teacher:",
                "--train-size 0|--train-size 0: at least 1 sample is needed",
                "--until-loss 0|until-loss is 0.0, but must be above 0",
                "--max-epochs 9|--max-epochs 9: it is for --until-zero-error and --until-loss",
                "--until-zero-error --max-epochs 2|max-epochs is 2, but the schedule alone has 3",
                "--keep-every 0|--keep-every 0: it must be at least 1",
                "--batch 0|batch is 0, but must be at least 1",
                "--epochs 0|epochs is 0, but must be at least 1",
                "--epochs many|Invalid value for option '--epochs'",
                "--threads 0|--threads 0: at least 1 is needed",
                "--labels odd|labels \"odd\": \"odd\" is not known here; the options are as-given, parity, noise=, random",
                "--prepare all|preparation \"all\": \"all\" is not known; it must look like set, channel, image or none",
                "--augment wrap|augment \"wrap\": \"wrap\" is not known; it must look like none, crop,",
                "--augment flip|augment flip: the network takes 5 features; images of more than 1 x 1 are needed",
                "--init xavier|initialisation \"xavier\": \"xavier\" is not known; it must look like pytorch,",
                "--loss mae|loss \"mae\": \"mae\" is not known; it must look like cross-entropy,",
                "--optimizer sgd|optimizer \"sgd\": lr is missing; it must look like sgd,lr=0.05",
                "--schedule linear|schedule \"linear\": \"linear\" is not known; it must look like constant,",
                "--data svhn|there is no data set \"svhn\": give mnist-mini,",
                "--data teacher:n=2|data set \"teacher:n=2\": \"n\" is not known here; the options are d=, m=,",
                "--net vgg|network \"vgg\": it must look like mlp:784-256-256-4096,",
                "--net conv-L1-H4|cannot take 5 features: it needs an image",
                "--resume some|--resume"
            })
    void refusesWhatCannotBe(String options, String message) {
        Run refused = train(completed(options)).exits(2);
        assertThat(refused.err()).contains(message);
        assertThat(refused.err().lines().filter(line -> line.startsWith("morula: ")))
                .hasSize(1);
        assertThat(Files.exists(run()) ? names() : Set.of("")).containsExactly("");
    }

    @Test
    void refusesANetworkOfOtherInputs() {
        assertThat(train("--net mlp:6-8 --data " + TEACHER).exits(2).err())
                .contains("network \"mlp:6-8\": has 6 inputs, but a sample is 5 features");
    }

    @Test
    void aLongScheduleIsNoError() {
        train("--net mlp:5-8 --epochs 2000000000 --until-loss 99 --data " + TEACHER)
                .exits(0);
        assertThat(metrics()).containsExactly(1);
    }

    @Test
    void aMissedGoalIsSaid() {
        assertThat(train(SMALL + " --until-loss 1e-9 --max-epochs 4").exits(6).err())
                .contains("a loss of at most 1.0E-9 was not reached in 4 epochs: it is 0.");
        assertThat(names()).contains("run.json", "model.safetensors").doesNotContain("training.json");
    }

    @Test
    void whatDivergesNamesEpochAndStepAndKeepsItsCheckpoint() {
        System.setProperty(SECONDS, "0");
        String message = train(DIVERGING).exits(2).err();
        assertThat(message)
                .containsPattern(
                        "training diverged: the loss was (NaN|Infinity) in epoch \\d+, step [12] of 2, at rate 0.05");
        int last = metrics().size();
        assertThat(last).isPositive();
        assertThat(message)
                .contains("epoch " + (last + 1) + ", step", "holds the network as it was after epoch " + last);
        assertThat(names()).containsExactlyInAnyOrder("", "training.json", "checkpoint.safetensors", "metrics.jsonl");
        FolderContent before = FolderContent.of(run());
        assertThat(train(SMALL).exits(3).err())
                .contains("holds a run that is not finished; go on with --resume " + run());
        assertThat(FolderContent.of(run())).isEqualTo(before);
        assertThat(resume().exits(2).err()).contains("training diverged: the loss was", "epoch " + (last + 1));
        assertThat(metrics()).hasSize(last);
    }

    @Test
    void otherSamplesThanTheRunBeganWithAreRefused() throws IOException {
        System.setProperty(SECONDS, "0");
        Path data = Files.createDirectory(folder.resolve("data"));
        writeArrays(data);
        train("--net mlp:3-8 --epochs 90 --optimizer sgd,lr=0.05,weight-decay=100 --schedule constant --data npy:"
                        + data)
                .exits(2);
        assertThat(names()).contains("checkpoint.safetensors");
        Path inputs = data.resolve("train-x.npy");
        byte[] content = Files.readAllBytes(inputs);
        content[content.length - 1] ^= (byte) 0x80; // the sign of the last number
        Files.write(inputs, content);
        FolderContent before = FolderContent.of(run());
        assertThat(resume().exits(3).err())
                .contains(run() + ": the samples of npy:" + data
                        + " are not those that the run began with; bring these " + "back, or begin anew");
        assertThat(FolderContent.of(run())).isEqualTo(before);
        content[content.length - 1] ^= (byte) 0x80;
        Files.write(inputs, content);
        assertThat(resume().exits(2).err()).contains("training diverged");
    }

    @Test
    void whatCannotBeTakenUpIsRefused() throws IOException {
        assertThat(resume().exits(3).err()).contains(run() + ": is not a folder");
        Files.createDirectory(run());
        assertThat(resume().exits(3).err()).contains("holds no training.json; morula train --out makes one");
        Path settings = run().resolve("training.json");
        Files.writeString(settings, "{\"schema\": 1}");
        assertThat(resume().exits(3).err()).contains("training.json: is not what morula train writes");
        Files.writeString(settings, "{");
        assertThat(resume().exits(3).err()).contains("training.json: is not what Morula writes");
        Files.delete(settings);
        train(DIVERGING).exits(2);
        int threads = Runtime.getRuntime().availableProcessors();
        assertThat(resume("--threads", threads + 1).exits(2).err())
                .contains("was trained with " + threads + " threads in tier ", "not " + (threads + 1) + " in ")
                .contains("; give --threads " + threads + " and MORULA_TIER=");
        assertThat(resume("--net", "mlp:5-8").exits(2).err()).contains("morula: ");
        train(SMALL).exits(0); // nothing was saved, so nothing is lost
        FolderContent before = FolderContent.of(run());
        assertThat(resume().exits(3).err()).contains("this run is finished; there is nothing to take up");
        assertThat(FolderContent.of(run())).isEqualTo(before);
    }

    @Test
    void aNetworkThatIsRefusedLeavesNoFolder() {
        train("--net none --data " + TEACHER).exits(2);
        assertThat(run()).doesNotExist();

        train(SMALL.replace("mlp:5-8", "mlp:6-8")).exits(2);
        assertThat(run()).doesNotExist();
    }

    @Test
    void layersOfConvolutionsAreRecorded() {
        train(IMAGES).exits(0);
        JsonNode all = Run.of("activations", run(), "--layer", "all", "--out", folder.resolve("all"), "--json")
                .exits(0)
                .json()
                .get("layers");
        assertThat(all.findValuesAsText("layer")).containsExactly("1", "2", "3");
        assertThat(all.findValuesAsText("neurons")).containsExactly("784", "196", "196"); // 14 x 14 and 7 x 7, by 4
        double[][] third = samples("all/3.npy");
        assertThat(third).hasDimensions(300, 196);
        assertThat(record("last")).isDeepEqualTo(third);
        assertThat(record("3")).isDeepEqualTo(third);
        assertThat(record("module:8")).isDeepEqualTo(third);
        double[][] normed = record("module:7"); // before the ReLU
        assertThat(Arrays.stream(normed).flatMapToDouble(Arrays::stream).min().orElseThrow())
                .isNegative();
        for (int sample = 0; sample < third.length; sample++) {
            assertThat(Arrays.stream(normed[sample]).map(x -> Math.max(x, 0)).toArray())
                    .containsExactly(third[sample], within(1e-6));
        }
        assertThat(Run.of("activations", run(), "--layer", "module:99", "--out", folder.resolve("l.npy"))
                        .exits(2)
                        .err())
                .contains("has no module 99; it has 0, 1, 2, 3");
        assertThat(folder.resolve("l.npy")).doesNotExist();
    }

    private double[][] record(String layer) {
        Run.of("activations", run(), "--layer", layer, "--out", folder.resolve("layer.npy"))
                .exits(0);
        return samples("layer.npy");
    }

    private double[][] samples(String file) {
        try (Matrix values = Npy.open(folder.resolve(file)).map()) {
            double[][] samples = new double[(int) values.rows()][];
            for (int row = 0; row < samples.length; row++) {
                float[] sample = values.row(row);
                samples[row] = new double[sample.length];
                for (int k = 0; k < sample.length; k++) {
                    samples[row][k] = sample[k];
                }
            }
            return samples;
        }
    }
}
