package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.morula.correlate.TestLayers;
import dev.morula.data.NpyWriter;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program as a process of its own, with the launcher's heap and flags: what it promises about memory and signals. */
class ProgramTest {
    private static final int NEURONS = 3000;
    private static final int SAMPLES = 20_000;
    private static final long BOUND = 384L << 20;

    @TempDir
    private static Path input;

    private static Path layer; // 240 MB

    @TempDir
    private Path folder;

    @BeforeAll
    static void writeLayer() {
        assertThat(Program.PATH).as("made by ./mvnw package").isExecutable();
        layer = input.resolve("layer.npy");
        Random random = new Random(1);
        float[] noise = new float[SAMPLES + NEURONS];
        for (int k = 0; k < noise.length; k++) {
            noise[k] = random.nextFloat();
        }
        try (NpyWriter writer = NpyWriter.create(layer, ElementType.F32, SAMPLES, NEURONS)) {
            for (int sample = 0; sample < SAMPLES; sample++) {
                writer.append(Arrays.copyOfRange(noise, sample, sample + NEURONS)); // every neuron a shift of the first
            }
            writer.commit();
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    /** Waits until {@code condition} holds, while {@code process} must go on. */
    private static void waitUntil(Condition condition, Process process) throws IOException, InterruptedException {
        while (!condition.holds()) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(2);
        }
    }

    @Test
    void staysWithinTheMemoryItWasGiven() throws IOException, InterruptedException {
        Object[] command = {
            "correlate", layer, "--threshold", 0.02, "--out", folder.resolve("edges.npz"), "--memory", BOUND, "--json"
        };
        Process process = Program.start(input.resolve("errors"), command);
        long peak = 0;
        while (process.isAlive()) {
            peak = Math.max(peak, anonymousBytes(process));
            Thread.sleep(2);
        }
        JsonNode summary = Run.parse(new String(process.getInputStream().readAllBytes()));
        assertThat(Program.exitCode(process)).isZero();
        assertThat(summary.get("scratch").asText()).isEqualTo("none"); // the layer is read where it lies
        assertThat(summary.get("edges").asLong()).isPositive();
        assertThat(summary.get("peakAnonymousBytes").asLong()).isBetween(1L << 20, BOUND);
        assertThat(peak).isBetween(1L << 20, BOUND);
        assertThat(FolderContent.of(folder).files().keySet()).containsExactly("", "edges.json", "edges.npz");
    }

    private static long anonymousBytes(Process process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0; // ended meanwhile
        }
    }

    /** {@code errors} must end with the one line that tells of the signal. */
    private static void saysThatItWasInterrupted(Path errors) throws IOException {
        assertThat(Files.readAllLines(errors))
                .filteredOn(line -> line.startsWith("morula: "))
                .containsExactly("morula: interrupted; no unfinished file is left");
        assertThat(errors).content().doesNotContain("Exception", "internal error");
    }

    @ParameterizedTest
    @CsvSource({"INT, 130, correlate, 0.02", "TERM, 143, correlate, 0.02", "INT, 130, dedupe, 0.9"})
    void aSignalWhileItCorrelatesLeavesNothing(String signal, int exitCode, String command, double threshold)
            throws IOException, InterruptedException {
        Path errors = input.resolve("errors");
        Process process = Program.start(
                errors, command, layer, "--threshold", threshold, "--out", folder.resolve("out"), "--threads", 1);
        waitUntil(() -> Files.readString(errors).contains("\ncorrelate "), process);
        Program.signal(process, signal);
        assertThat(Program.exitCode(process)).isEqualTo(exitCode);
        assertThat(process.getInputStream().readAllBytes()).isEmpty();
        saysThatItWasInterrupted(errors);
        assertThat(folder).isEmptyDirectory();
    }

    /** A limit on the size of every file that the process writes stands for a disk that is full. */
    @ParameterizedTest
    @CsvSource({"correlate, edges.npz", "dedupe, merge.json"})
    void aFullDiskIsSaidInASentenceAndLeavesNothing(String command, String file)
            throws IOException, InterruptedException {
        Path errors = input.resolve("errors");
        Path rows = LayerFiles.npy(input.resolve("rows.npy"), TestLayers.gaussian(3000, 8, 1), ElementType.F32);
        Kernels.cpu().close(); // its library has been unpacked by now
        Path out = command.equals("correlate") ? folder.resolve(file) : folder.resolve("out");
        Path failing = command.equals("correlate") ? out : out.resolve(file);
        Process process = Program.start(
                List.of("bash", "-c", "ulimit -f 16; exec \"$@\"", "bash"),
                errors,
                command,
                rows,
                "--layout",
                "neurons-first",
                "--threshold",
                0.8,
                "--out",
                out);
        assertThat(Program.exitCode(process)).as(Files.readString(errors)).isEqualTo(4);
        assertThat(Files.readAllLines(errors))
                .filteredOn(line -> line.startsWith("morula: "))
                .containsExactly("morula: " + failing + ": could not be written: File too large");
        assertThat(folder).isEmptyDirectory();
    }

    private static long namesIn(Path folder) throws IOException {
        try (Stream<Path> names = Files.list(folder)) {
            return names.count();
        }
    }

    @Test
    void interruptedWhileItWritesItLeavesTheRunAsItWas() throws IOException, InterruptedException {
        Run.of(
                        "train",
                        "--net",
                        "mlp:784-4-20000",
                        "--data",
                        "mnist-mini",
                        "--train-size",
                        128,
                        "--epochs",
                        1,
                        "--out",
                        folder)
                .exits(0);
        FolderContent before = FolderContent.of(folder);
        Process process = Program.start(
                input.resolve("errors"),
                "activations",
                folder,
                "--split",
                "test",
                "--out",
                folder.resolve("layer.npy"));
        waitUntil(() -> namesIn(folder) == before.files().size(), process); // the folder itself is counted there
        Program.signal(process, "INT");
        assertThat(Program.exitCode(process)).isEqualTo(130);
        saysThatItWasInterrupted(input.resolve("errors"));
        assertThat(FolderContent.of(folder)).isEqualTo(before);
    }
}
