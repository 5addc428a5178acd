package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.correlate.TestLayers;
import dev.morula.graph.Journal;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whenever a run is killed or interrupted: it can be gone on with, and the file under the output's name is whole. */
class KilledRunTest {
    private static final int KILLS = Boolean.getBoolean("morula.full") ? 50 : 8;
    private static final String RANGES = "morula.journalRanges";

    @TempDir
    private Path folder;

    private Path layer;
    private Path errors;
    private Path out;
    private byte[] expected;

    @BeforeEach
    void runOnce() throws IOException {
        layer = LayerFiles.npy(folder.resolve("layer.npy"), TestLayers.gaussian(4000, 211, 3), ElementType.F32);
        errors = folder.resolve("errors");
        Files.createDirectory(folder.resolve("results"));
        out = folder.resolve("results/edges.npz");
        Path whole = folder.resolve("whole.npz");
        Run.of("correlate", layer, "--layout", "neurons-first", "--threshold", 0.15, "--out", whole)
                .exits(0);
        expected = Files.readAllBytes(whole);
        Kernels.cpu().close(); // its library has been unpacked by now
        System.setProperty(RANGES, "16");
    }

    @AfterEach
    void clear() {
        System.clearProperty(RANGES);
    }

    private Process resume() throws IOException {
        return Program.start(
                errors, "correlate", layer, "--layout", "neurons-first", "--threshold", 0.15, "--out", out, "--resume");
    }

    private long resumedMilliseconds() throws IOException, InterruptedException {
        long start = System.nanoTime();
        assertThat(Program.exitCode(resume())).as(Files.readString(errors)).isZero();
        assertWhole();
        return (System.nanoTime() - start) / 1_000_000;
    }

    private void assertWhole() throws IOException {
        if (Files.exists(out)) {
            assertThat(Files.readAllBytes(out)).isEqualTo(expected);
        }
    }

    private long shards() throws IOException {
        if (!Files.isDirectory(Journal.folderOf(out))) {
            return 0;
        }
        try (Stream<Path> files = Files.list(Journal.folderOf(out))) {
            return files.filter(file -> file.toString().endsWith(".shard")).count();
        }
    }

    @Test
    void aKilledRunGoesOnToTheSameFile() throws IOException, InterruptedException {
        Random random = new Random(8);
        long milliseconds = resumedMilliseconds();
        Files.delete(out);
        int amidst = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = resume();
            long after = (long) (milliseconds * (0.2 + 0.8 * random.nextDouble()));
            process.waitFor(after, TimeUnit.MILLISECONDS);
            assertWhole();
            process.destroyForcibly().waitFor();
            assertWhole();
            amidst += shards() > 0 ? 1 : 0;
            if (Files.exists(out) && !Journal.isThere(out)) {
                Files.delete(out); // it was done: begin anew
            }
        }
        assertThat(amidst).isPositive();
        resumedMilliseconds();
        assertThat(out).exists();
        assertThat(FolderContent.of(out.getParent()).files().keySet()).containsExactly("", "edges.json", "edges.npz");
    }

    @Test
    void anInterruptedRunSaysHowToGoOn() throws IOException, InterruptedException {
        Process process = resume();
        while (shards() < 3) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(1);
        }
        Program.signal(process, "INT");
        assertThat(Program.exitCode(process)).isEqualTo(130);
        assertThat(Files.readAllLines(errors))
                .filteredOn(line -> line.startsWith("morula: "))
                .containsExactly("morula: interrupted; the finished part is kept in " + Journal.folderOf(out)
                        + "; --resume goes on with it");
        assertThat(out).doesNotExist();
        assertThat(Journal.isThere(out)).isTrue();
        resumedMilliseconds();
        assertThat(out).exists();
    }
}
