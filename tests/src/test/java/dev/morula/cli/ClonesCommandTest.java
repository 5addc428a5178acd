package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.morula.data.DataSource;
import dev.morula.data.SafetensorsFile;
import dev.morula.data.Split;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.prepare.FittedPreparation;
import dev.morula.prepare.Preparation;
import dev.morula.prepare.Samples;
import dev.morula.train.Evaluator;
import dev.morula.train.Loss;
import dev.morula.train.Network;
import dev.morula.train.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code morula clones} and {@code morula compress} on a small trained network. */
class ClonesCommandTest {
    private static final int IMAGES = 500;
    private static final int WIDTH = 128;

    @TempDir
    private static Path run;

    @TempDir
    private Path folder;

    @BeforeAll
    static void train() {
        Run.of(
                        "train",
                        "--net",
                        "mlp:784-32-" + WIDTH,
                        "--data",
                        "mnist-mini",
                        "--train-size",
                        IMAGES,
                        "--epochs",
                        20,
                        "--out",
                        run)
                .exits(0);
    }

    private static List<Integer> ints(JsonNode list) {
        List<Integer> values = new ArrayList<>();
        list.forEach(value -> values.add(value.asInt()));
        return values;
    }

    @Test
    void clonesAreDisjointAndTested() throws IOException {
        JsonNode found = Run.of("clones", run, "--threshold", 0.6, "--clones", 4, "--deals", 20, "--json")
                .exits(0)
                .json();
        assertThat(Run.parse(Files.readString(run.resolve("clones.json")))).isEqualTo(found);
        assertThat(found.get("neurons").asInt()).isEqualTo(WIDTH);
        assertThat(found.get("cloneCount").asInt()).isEqualTo(4);
        TreeSet<Integer> dealt = new TreeSet<>();
        for (JsonNode clone : found.get("test").get("clones")) {
            ints(clone.get("neurons"))
                    .forEach(neuron -> assertThat(dealt.add(neuron)).isTrue());
            assertThat(clone.get("testError").get("dealt").asDouble()).isBetween(0.05, 0.95);
            assertThat(clone.get("testError").get("p").asDouble()).isBetween(1 / 21.0, 1.0);
            assertThat(clone.get("r2").get("dealt").asDouble()).isBetween(0.5, 1.0);
        }
        assertThat(dealt).hasSize(WIDTH - found.get("constantNeurons").asInt());
        assertThat(found.get("sentence").asText()).startsWith("4 clones dealt from types are ");
        String again = Run.of("clones", run, "--threshold", 0.6, "--clones", 4, "--deals", 20)
                .exits(0)
                .out();
        assertThat(again).contains("clone", found.get("sentence").asText(), "clones.json");
        assertThat(Run.parse(Files.readString(run.resolve("clones.json"))).get("test"))
                .isEqualTo(found.get("test"));
    }

    @Test
    void whereNothingIsCorrelatedThereAreNoClones() {
        JsonNode found = Run.of("clones", run, "--threshold", 1, "--method", "average", "--json")
                .exits(0)
                .json();
        assertThat(found.get("cloneCount").asInt()).isZero();
        assertThat(found.get("test").isNull()).isTrue();
        assertThat(found.get("sentence").asText()).contains("there are no clones");
    }

    private Samples samples(Kernels kernels, Workers workers, NetworkDefinition definition, Split split) {
        DataSource source = DataSource.parse("mnist-mini");
        try (FittedPreparation preparation =
                Preparation.DEFAULT.fit(source.load(Split.TRAIN).first(IMAGES), kernels, workers)) {
            return Samples.of(source.load(split), preparation, definition, kernels, workers);
        }
    }

    @Test
    void theSmallerNetworkLoadsAndErrsAsItSays() throws IOException {
        Path small = folder.resolve("small");
        JsonNode found = Run.of("compress", run, "--keep", 24, "--out", small, "--json")
                .exits(0)
                .json();
        assertThat(Run.parse(Files.readString(small.resolve("compression.json"))))
                .isEqualTo(found);
        assertThat(found.get("smallerNet").asText()).isEqualTo("mlp:784-32-24");
        double before = found.get("testErrorBefore").asDouble();
        JsonNode trained = Run.parse(Files.readString(run.resolve("run.json"))).get("training");
        assertThat(before).isCloseTo(trained.get("testError").asDouble(), within(2e-4));
        assertThat(found.get("testErrorAfter").asDouble())
                .isLessThan(found.get("testErrorWithoutFolding").asDouble())
                .isCloseTo(before, within(0.05));
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(2)) {
            NetworkDefinition definition = Presets.parse(
                    "mlp:784-32-24",
                    DataSource.parse("mnist-mini").load(Split.TEST).shape(),
                    10);
            try (Network network = Weights.read(small.resolve("model.safetensors"), definition);
                    Samples test = samples(kernels, workers, definition, Split.TEST)) {
                assertThat(new Evaluator(kernels, workers)
                                .evaluate(network, test, new Loss.CrossEntropy(0))
                                .error())
                        .isCloseTo(found.get("testErrorAfter").asDouble(), within(2e-4));
            }
        }
        assertThat(SafetensorsFile.open(small.resolve("model.safetensors")).matrices())
                .containsEntry("4.weight", List.of(10L, 24L));
        JsonNode lists = Run.parse(Files.readString(small.resolve("merge.json")));
        TreeSet<Integer> all = new TreeSet<>(ints(lists.get("kept")));
        assertThat(all).hasSize(24);
        lists.get("merged").forEach(merge -> {
            assertThat(ints(lists.get("kept")))
                    .contains(merge.get("representative").asInt());
            assertThat(all.add(merge.get("neuron").asInt())).isTrue();
        });
        all.addAll(ints(lists.get("constant")));
        assertThat(all).hasSize(WIDTH);
    }

    @Test
    void aBoundOnTheErrorGivesTheSize() {
        JsonNode loose = Run.of("compress", run, "--max-error-rise", 5, "--out", folder.resolve("a"), "--json")
                .exits(0)
                .json();
        JsonNode tight = Run.of("compress", run, "--max-error-rise", 0.5, "--out", folder.resolve("b"), "--json")
                .exits(0)
                .json();
        assertThat(loose.get("kept").asInt()).isLessThan(tight.get("kept").asInt());
        assertThat(tight.get("kept").asInt()).isLessThan(WIDTH);
        assertThat(tight.get("trainErrorAfter").asDouble())
                .isLessThanOrEqualTo(tight.get("trainErrorBefore").asDouble() + 0.005);
    }

    private void refused(int exitCode, String message, Object... arguments) {
        Run refused = Run.of(arguments).exits(exitCode);
        assertThat(refused.err().lines().filter(line -> line.startsWith("morula: ")))
                .singleElement()
                .asString()
                .contains(message);
        assertThat(refused.out()).isEmpty();
        assertThat(FolderContent.of(folder).files().keySet()).containsExactly("");
    }

    @Test
    void refusesWhatCannotBeWithASentence() {
        Path out = folder.resolve("small");
        refused(2, "--keep and --max-error-rise say how small: give one of them", "compress", run, "--out", out);
        refused(2, "--keep 0: it must be a number of neurons", "compress", run, "--keep", 0, "--out", out);
        refused(2, "--keep 128: mlp:784-32-128 has 128 neurons", "compress", run, "--keep", WIDTH, "--out", out);
        refused(3, "holds no analysis/analysis.json", "compress", run, "--keep", "w*", "--out", out);
        refused(2, "--max-error-rise -1.0: it must be", "compress", run, "--max-error-rise", -1, "--out", out);
        refused(3, "exists and is not an empty folder", "compress", run, "--keep", 5, "--out", run);
        refused(3, "is not a folder", "compress", folder.resolve("none"), "--keep", 5, "--out", out);
        refused(2, "--threshold 0.0: it must be above 0", "clones", run, "--threshold", 0);
        refused(2, "--clones 1: at least 2", "clones", run, "--clones", 1);
        refused(2, "1000 clones: there must be at least 2", "clones", run, "--clones", 1000);
        refused(2, "there is no clustering \"dbscan\"", "clones", run, "--method", "dbscan");
        refused(2, "--deals 0: at least 1", "clones", run, "--deals", 0);
    }
}
