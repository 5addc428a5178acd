package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.morula.data.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code morula sweep}: which networks it trains, that it goes on where it was, and what it refuses. */
class SweepCommandTest {
    private static final String SMALL =
            "--net pmnist:W --widths 4,8 --data mnist-mini --labels parity --train-size 200 "
                    + "--prepare set,pca=5,whitened --loss hinge --batch 50 --epochs 2 --chunks 5 --chunks-r2 2";

    @TempDir
    private Path folder;

    private Path sweep() {
        return folder.resolve("sweep");
    }

    /** {@code morula sweep} with options that hold no spaces, then {@code more}. */
    private Run sweep(String options, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("sweep", "--out", sweep()));
        arguments.addAll(List.of(options.split(" ")));
        arguments.addAll(List.of(more));
        return Run.of(arguments.toArray());
    }

    private JsonNode json(String file) throws IOException {
        return Run.parse(Files.readString(sweep().resolve(file)));
    }

    private static List<String> texts(JsonNode list, String field) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(element -> element.get(field).asText())
                .toList();
    }

    @Test
    void leavesWhatTrainAndAnalyzeLeave() throws IOException {
        sweep(SMALL + " --seeds 2 --seed 3").exits(0);
        Path alone = folder.resolve("alone");
        JsonNode run = json("W8-s4/run.json");
        List<Object> train = new ArrayList<>();
        run.get("arguments").forEach(word -> train.add(word.asText()));
        assertThat(train.get(train.size() - 1))
                .isEqualTo(sweep().resolve("W8-s4").toString());
        train.set(train.size() - 1, alone);
        train.addAll(List.of("--threads", 1));
        Run.of(train.toArray()).exits(0);
        assertThat(sweep().resolve("W8-s4/model.safetensors"))
                .hasSameBinaryContentAs(alone.resolve("model.safetensors"));
        assertThat(run.get("training").get("settings"))
                .isEqualTo(Run.parse(Files.readString(alone.resolve("run.json")))
                        .get("training")
                        .get("settings"));
        Run.of("analyze", alone, "--chunks", 5, "--chunks-r2", 2, "--seed", 4).exits(0);
        for (String name : List.of("analysis.json", "test-logits.npy", "chunk-test-errors.npy")) {
            assertThat(sweep().resolve("W8-s4/analysis").resolve(name))
                    .hasSameBinaryContentAs(alone.resolve("analysis").resolve(name));
        }
    }

    @Test
    void summarisesEveryKind() throws IOException {
        Run run = sweep(SMALL + " --seeds 2").exits(0);
        JsonNode summary = json("sweep.json");
        assertThat(summary.get("net").asText()).isEqualTo("pmnist:W");
        assertThat(summary.get("groups")).hasSize(2);
        JsonNode wide = summary.get("groups").get(1);
        assertThat(wide.get("width").asInt()).isEqualTo(8);
        assertThat(wide.get("settings").get("width").asText()).isEqualTo("8");
        assertThat(texts(wide.get("runs"), "folder")).containsExactly("W8-s1", "W8-s2");
        double mean = 0;
        for (JsonNode network : wide.get("runs")) {
            JsonNode training =
                    json(network.get("folder").asText() + "/run.json").get("training");
            assertThat(network.get("testError")).isEqualTo(training.get("testError"));
            mean += training.get("testError").asDouble() / 2;
        }
        assertThat(wide.get("testError").get("mean").asDouble()).isEqualTo(mean, within(1e-12));
        assertThat(wide.get("errInf").asDouble()).isBetween(0.0, 1.0);
        assertThat(texts(wide.get("sizes"), "size")).containsExactly("1", "2", "4", "8");
        assertThat(summary.get("shapes")).isNotEmpty();
        double narrow =
                summary.get("groups").get(0).get("compressability").get("mean").asDouble();
        JsonNode growth = summary.get("growth").get(0);
        assertThat(growth.get("perDoubling").asDouble())
                .isEqualTo(2 * wide.get("compressability").get("mean").asDouble() / narrow, within(1e-12));
        assertThat(growth.get("name")).isEmpty();
        assertThat(run.out()).contains("times as many compressible directions per doubling of the width");
        assertThat(Files.readString(sweep().resolve("sweep.json"))).doesNotContain("NaN");
    }

    @Test
    void goesOnWhereItWasAndChangesNothing() throws IOException {
        sweep(SMALL + " --seeds 2").exits(0);
        FolderContent whole = FolderContent.of(sweep());
        Files.delete(sweep().resolve("W4-s1/analysis/analysis.json"));
        for (String file : List.of("run.json", "model.safetensors", "metrics.jsonl")) {
            Files.delete(sweep().resolve("W8-s2").resolve(file));
        }
        Run again = sweep(SMALL + " --seeds 2").exits(0);
        assertThat(again.err()).contains("sweep: 2 of 4 runs done").contains("sweep: 4 of 4 runs done");
        FolderContent after = FolderContent.of(sweep());
        assertThat(after.files().keySet()).isEqualTo(whole.files().keySet());
        TreeSet<String> changed = new TreeSet<>(after.files().keySet());
        changed.removeIf(name -> after.files().get(name).equals(whole.files().get(name)));
        assertThat(changed).isSubsetOf("W8-s2/run.json", "W8-s2/metrics.jsonl"); // which tell the time
    }

    @Test
    void isDoneByOneProcessAtATime() throws IOException {
        sweep(SMALL).exits(0);
        FolderContent whole = FolderContent.of(sweep());
        try (LockFile other = LockFile.lock(sweep().resolve("sweep-settings.json"), sweep())) {
            assertThat(sweep(SMALL).exits(3).err())
                    .as("while %s is held", other)
                    .contains(sweep() + ": is in use by another run, which has not ended");
        }
        assertThat(FolderContent.of(sweep())).isEqualTo(whole);
        sweep(SMALL).exits(0);
    }

    @Test
    void resultsDoNotDependOnTheThreads() throws IOException {
        sweep(SMALL + " --seeds 2 --threads 1").exits(0);
        JsonNode one = json("sweep.json").get("groups");
        Path first = folder.resolve("first");
        Files.move(sweep(), first);
        sweep(SMALL + " --seeds 2 --threads 3").exits(0);
        assertThat(json("sweep.json").get("groups")).isEqualTo(one);
    }

    @Test
    void widthsAndVariantsHaveOptionsOfTheirOwn() throws IOException {
        sweep(
                        SMALL + " --seeds 2 --weight-decays 2e-3,0 --until-zero-error --max-epochs 3",
                        "--at-width",
                        8,
                        "--lr 0.02 --epochs 3 --seeds 1",
                        "--variant",
                        "early",
                        "--until-loss 100 --seeds 1")
                .exits(6);
        JsonNode summary = json("sweep.json");
        List<String> folders = new ArrayList<>();
        summary.get("groups").forEach(group -> folders.addAll(texts(group.get("runs"), "folder")));
        assertThat(folders)
                .containsExactly(
                        "W4-wd0.002-s1",
                        "W4-wd0.002-s2",
                        "W8-wd0.002-s1",
                        "W4-wd0-s1",
                        "W4-wd0-s2",
                        "W8-wd0-s1",
                        "W4-wd0.002-early-s1",
                        "W8-wd0.002-early-s1",
                        "W4-wd0-early-s1",
                        "W8-wd0-early-s1");
        JsonNode wide = json("W8-wd0.002-s1/run.json").get("training");
        assertThat(wide.get("optimizer").asText()).isEqualTo("sgd,momentum=0.9,weight-decay=0.002,lr=0.02");
        assertThat(wide.get("epochs").asInt()).isEqualTo(3);
        JsonNode early = json("W4-wd0-early-s1/run.json").get("training");
        assertThat(early.get("goal").asText()).isEqualTo("loss-at-most-100.0");
        assertThat(early.get("curve")).hasSize(1);
        assertThat(summary.get("groups").get(4).get("settings").toString())
                .isEqualTo("{\"width\":\"4\",\"weightDecay\":\"0.002\",\"goal\":\"loss-at-most-100.0\",\"maxEpochs\":"
                        + "\"null\"}");
        assertThat(summary.get("groups").get(4).get("name").toString())
                .isEqualTo("{\"width\":\"4\",\"variant\":\"early\",\"weightDecay\":\"0.002\"}");
        assertThat(summary.get("groups").get(0).get("name").toString())
                .isEqualTo("{\"width\":\"4\",\"variant\":\"baseline\",\"weightDecay\":\"0.002\"}");
        assertThat(Files.readString(sweep().resolve("figures/groups.csv")))
                .contains("\"W = 4, early, weight decay 0.002\"", "\"W = 8, baseline, weight decay 0\"")
                .doesNotContain("goal");
    }

    @Test
    void theBoundHasItsTermsWhereNoisySamplesStandBesideCleanOnes() throws IOException {
        Run run = sweep(
                        "--net mlp:5-L --depths 3,6 --data teacher:d=5,m=4,train=60,test=20 --layers all --chunks-r2 0 "
                                + "--train-size 30 --batch 10 --epochs 2",
                        "--variant",
                        "with-noise",
                        "--train-size 60 --labels noise=0.2,from=30")
                .exits(0);
        JsonNode bounds = json("sweep.json").get("depthBounds");
        assertThat(bounds).hasSize(2 * 4); // depths, and errors that are allowed
        JsonNode first = bounds.get(0);
        assertThat(first.get("name").toString()).isEqualTo("{\"depth\":\"3\",\"variant\":\"baseline\"}");
        assertThat(first.get("noise").asDouble()).isEqualTo(0.2);
        assertThat(first.get("probability").asDouble()).isBetween(0.0, 1.0);
        assertThat(first.get("deltas").asText()).isEqualTo("not computed");
        assertThat(run.out()).contains("bound on the test error, depth 3, baseline, error 0.01: P = ");
        assertThat(Files.readString(sweep().resolve("figures/depth-bound.csv"))).hasLineCount(9);
    }

    @Test
    void keepsWhatMissedItsGoalAndWhatDiverged() throws IOException {
        Run run = sweep(
                SMALL + " --until-zero-error --max-epochs 2", "--variant", "mad", "--lr 1e30 --schedule constant");
        run.exits(6);
        JsonNode summary = json("sweep.json");
        assertThat(summary.get("missed")).hasSize(2);
        assertThat(texts(summary.get("failed"), "folder")).containsExactly("W4-mad-s1", "W8-mad-s1");
        assertThat(texts(summary.get("failed"), "sentence"))
                .allSatisfy(sentence -> assertThat(sentence).contains("training diverged"));
        assertThat(run.err())
                .contains("morula: W4-mad-s1: training diverged", "morula: the goal was missed by W4-s1, W8-s1");
        assertThat(summary.get("groups")).hasSize(2);
        FolderContent before = FolderContent.of(sweep().resolve("W4-mad-s1"));
        sweep(SMALL + " --until-zero-error --max-epochs 2", "--variant", "mad", "--lr 1e30 --schedule constant")
                .exits(6);
        assertThat(FolderContent.of(sweep().resolve("W4-mad-s1"))).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--net pmnist:4|--net pmnist:4: has no place for --widths; write W, or {W} beside other letters",
                "--net mlp-L{L}-H{W}|--net mlp-L{L}-H{W}: L is to be filled in, so --depths is needed",
                "--seeds 0|--seeds 0: at least 1 is needed",
                "--widths 4,4|--widths 4,4: its values must differ, and none may be empty",
                "--widths 4,x|--widths x: it must be a number",
                "--inits he,|--inits he,: its values must differ, and none may be empty",
                "--chunks 0|--chunks 0: at least 1 chunk of each size is needed",
                "--inits nobody|init",
                "--label-variants nobody|labels"
            })
    void refusesWhatCannotBe(String options, String sentence) {
        String[] words = options.split(" ");
        String rest = SMALL.replaceAll(words[0] + " \\S+ ?", "");
        Run run = sweep(rest + " " + options).exits(2);
        assertThat(run.err()).contains(sentence).hasLineCount(1);
        assertThat(sweep()).doesNotExist();
    }

    @Test
    void refusesOptionsOfPartsThatCannotBe() {
        assertThat(sweep(SMALL, "--at-width", 8, "--epoch 3").exits(2).err())
                .contains("--at-width 8 \"--epoch 3\": Unknown options: '--epoch', '3'");
        assertThat(sweep(SMALL, "--variant", "a/b", "--epochs 3").exits(2).err())
                .contains("--variant a/b: a name of letters, digits, dots and hyphens is needed");
        assertThat(sweep(SMALL, "--variant", "baseline", "--epochs 3").exits(2).err())
                .contains("--variant baseline: so the networks without a variant are called; name it otherwise");
        assertThat(sweep()).doesNotExist();
    }

    @Test
    void refusesTheFolderOfAnotherSweep() {
        sweep(SMALL).exits(0);
        FolderContent before = FolderContent.of(sweep());
        assertThat(sweep(SMALL.replace("--epochs 2", "--epochs 3")).exits(2).err())
                .contains("holds a sweep with epochs 2, not 3; give the same to go on with it, or another --out");
        assertThat(sweep(SMALL + " --seeds 2").exits(2).err()).contains("holds a sweep with seeds 1, not 2");
        assertThat(FolderContent.of(sweep())).isEqualTo(before);
    }

    @Test
    void refusesTheFolderOfARun() {
        Run.of(
                        "train",
                        "--net",
                        "mlp:5-4",
                        "--epochs",
                        1,
                        "--data",
                        "teacher:d=5,m=4,train=20,test=5",
                        "--out",
                        sweep())
                .exits(0);
        assertThat(sweep(SMALL).exits(3).err()).contains("holds a single run; give another --out");
    }

    @Test
    void aSweepOfWhichNothingCanBeTrainedSaysWhy() {
        assertThat(sweep(SMALL.replace("pmnist:W", "mlp:9-W")).exits(2).err())
                .contains("no network of the sweep could be trained", "has 9 inputs");
    }
}
