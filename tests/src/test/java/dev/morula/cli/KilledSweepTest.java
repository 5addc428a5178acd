package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whenever a sweep is killed, the same command goes on, to what it would have come to. */
class KilledSweepTest {
    private static final int KILLS = Boolean.getBoolean("morula.full") ? 8 : 3;
    private static final String SECONDS = "morula.checkpointSeconds";
    private static final List<String> SWEEP = List.of(
            ("sweep --net mlp:784-W --widths 16,32 --seeds 2 --data mnist-mini --train-size 500 --epochs 30 --chunks 5 "
                            + "--chunks-r2 2 --threads 2 --out")
                    .split(" "));

    @TempDir
    private Path folder;

    @BeforeEach
    void saveEveryEpoch() {
        System.setProperty(SECONDS, "0");
    }

    @AfterEach
    void clear() {
        System.clearProperty(SECONDS);
    }

    private static Object[] into(Path out) {
        List<Object> arguments = new ArrayList<>(SWEEP);
        arguments.add(out);
        return arguments.toArray();
    }

    @Test
    void aKilledSweepComesToTheSame() throws IOException, InterruptedException {
        Path whole = folder.resolve("whole");
        long start = System.nanoTime();
        Run.of(into(whole)).exits(0);
        long milliseconds = (System.nanoTime() - start) / 1_000_000;
        Path killed = folder.resolve("killed");
        Random random = new Random(3);
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = Program.start(folder.resolve("errors"), into(killed));
            long epochs = epochs(killed);
            while (epochs(killed) < epochs + 4 && process.isAlive()) {
                Thread.sleep(1);
            }
            boolean last = kill == KILLS - 1; // which is to be amid training
            process.waitFor(
                    last ? 0 : (long) (random.nextDouble() * milliseconds / (2 * KILLS)), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
        }
        Map<Path, String> begun = begun(killed);
        Run.of(into(killed)).exits(0);
        begun.forEach((metrics, first) -> assertThat(metrics).content().startsWith(first + "\n"));
        assertThat(files(killed)).isEqualTo(files(whole));
        for (String run : List.of("W16-s1", "W16-s2", "W32-s1", "W32-s2")) {
            for (String name : List.of("model.safetensors", "analysis/analysis.json", "analysis/test-logits.npy")) {
                assertThat(killed.resolve(run).resolve(name))
                        .hasSameBinaryContentAs(whole.resolve(run).resolve(name));
            }
        }
        assertThat(Run.parse(Files.readString(killed.resolve("sweep.json"))).get("groups"))
                .isEqualTo(
                        Run.parse(Files.readString(whole.resolve("sweep.json"))).get("groups"));
    }

    /** The first epoch of each network that has a checkpoint: its seconds tell whether it was trained once more. */
    private static Map<Path, String> begun(Path sweep) throws IOException {
        Map<Path, String> begun = new HashMap<>();
        try (Stream<Path> runs = Files.list(sweep)) {
            for (Path run : runs.filter(path -> Files.exists(path.resolve("checkpoint.safetensors")))
                    .toList()) {
                Path metrics = run.resolve("metrics.jsonl");
                if (Files.exists(metrics) && !Files.readAllLines(metrics).isEmpty()) {
                    begun.put(metrics, Files.readAllLines(metrics).get(0));
                }
            }
        }
        assertThat(begun).isNotEmpty();
        return begun;
    }

    private static List<String> files(Path folder) {
        return FolderContent.of(folder).files().keySet().stream()
                .filter(name -> !name.endsWith(".tmp"))
                .toList();
    }

    private static long epochs(Path sweep) throws IOException {
        if (!Files.exists(sweep)) {
            return 0;
        }
        long lines = 0;
        try (Stream<Path> runs = Files.list(sweep)) {
            for (Path run : runs.toList()) {
                Path metrics = run.resolve("metrics.jsonl");
                lines += Files.exists(metrics) ? Files.readAllLines(metrics).size() : 0;
            }
        }
        return lines;
    }

    @Test
    void anInterruptedSweepSaysHowToGoOn() throws IOException, InterruptedException {
        Path sweep = folder.resolve("sweep");
        Path errors = folder.resolve("errors");
        Process process = Program.start(errors, into(sweep));
        while (epochs(sweep) < 3) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(1);
        }
        Program.signal(process, "INT");
        assertThat(Program.exitCode(process)).isEqualTo(130);
        assertThat(Files.readAllLines(errors))
                .filteredOn(line -> line.startsWith("morula: "))
                .containsExactly("morula: interrupted; the same command goes on with the sweep in " + sweep);
    }
}
