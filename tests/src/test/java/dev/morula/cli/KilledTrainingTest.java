package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.morula.kernel.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whenever training is killed or interrupted: it goes on to the weights that it would have come to, bit by bit. */
class KilledTrainingTest {
    private static final int KILLS = Boolean.getBoolean("morula.full") ? 30 : 5;
    private static final String SECONDS = "morula.checkpointSeconds";
    private static final int EPOCHS = 60;

    /** Moments, running averages, the best epoch and all that is drawn would show a state that is not restored. */
    private static final List<Object> TRAIN = List.of(
            "train",
            "--net",
            "conv-L1-H8",
            "--data",
            "mnist-mini",
            "--train-size",
            1000,
            "--validation",
            500,
            "--patience",
            EPOCHS,
            "--labels",
            "noise=0.1",
            "--augment",
            "crop,padding=2",
            "--optimizer",
            "adam,lr=0.003",
            "--epochs",
            EPOCHS,
            "--out");

    @TempDir
    private Path folder;

    private Path errors;
    private Path run;
    private byte[] expected;
    private long milliseconds;

    @BeforeEach
    void trainUndisturbed() throws IOException {
        errors = folder.resolve("errors");
        run = folder.resolve("run");
        Path whole = folder.resolve("whole");
        long start = System.nanoTime();
        Run.of(with(whole)).exits(0);
        milliseconds = (System.nanoTime() - start) / 1_000_000;
        expected = Files.readAllBytes(whole.resolve("model.safetensors"));
        Kernels.cpu().close(); // its library has been unpacked by now
        System.setProperty(SECONDS, "0");
    }

    @AfterEach
    void clear() {
        System.clearProperty(SECONDS);
    }

    private static Object[] with(Path out) {
        Object[] arguments = TRAIN.toArray(new Object[TRAIN.size() + 1]);
        arguments[TRAIN.size()] = out;
        return arguments;
    }

    /** Begins, or goes on where there is something to go on with. */
    private Process start() throws IOException {
        return Files.exists(run.resolve("training.json"))
                ? Program.start(errors, "train", "--resume", run)
                : Program.start(errors, with(run));
    }

    private int epochs() throws IOException {
        Path metrics = run.resolve("metrics.jsonl");
        return Files.exists(metrics) ? Files.readAllLines(metrics).size() : 0;
    }

    private void finish() throws IOException, InterruptedException {
        assertThat(Program.exitCode(start())).as(Files.readString(errors)).isZero();
        assertThat(run.resolve("model.safetensors")).hasBinaryContent(expected);
        assertThat(epochs()).isEqualTo(EPOCHS);
        assertThat(Run.parse(Files.readString(run.resolve("run.json"))).get("arguments"))
                .extracting(JsonNode::asText)
                .containsExactlyElementsOf(
                        Arrays.stream(with(run)).map(Object::toString).toList());
        assertThat(FolderContent.of(run).files().keySet())
                .containsExactlyInAnyOrder("", "run.json", "model.safetensors", "metrics.jsonl");
    }

    @Test
    void aKilledTrainingComesToTheSameWeights() throws IOException, InterruptedException {
        Random random = new Random(5);
        int amidst = 0;
        for (int kill = 0; kill < KILLS && !Files.exists(run.resolve("run.json")); kill++) {
            Process process = start();
            int before = epochs();
            boolean trains = kill % 2 == 0; // else it is killed while it begins
            while (trains && epochs() < before + 2 && process.isAlive()) {
                Thread.sleep(1);
            }
            process.waitFor((long) (random.nextDouble() * milliseconds / KILLS), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            amidst += Files.exists(run.resolve("checkpoint.safetensors")) ? 1 : 0;
        }
        assertThat(amidst).isPositive();
        finish();
    }

    @Test
    void anInterruptedTrainingSaysHowToGoOn() throws IOException, InterruptedException {
        Process process = start();
        while (epochs() < 3) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(1);
        }
        Program.signal(process, "INT");
        assertThat(Program.exitCode(process)).isEqualTo(130);
        assertThat(Files.readAllLines(errors))
                .filteredOn(line -> line.startsWith("morula: "))
                .singleElement()
                .asString()
                .matches("morula: interrupted; morula train --resume \\Q" + run + "\\E goes on after epoch \\d+");
        finish();
    }
}
