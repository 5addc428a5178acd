package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.SystemMemory;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code morula correlate} cannot do, it says in a sentence, and leaves every file as it was. */
class BadInputTest {
    @TempDir
    private Path folder;

    private Path file;
    private byte[] whole; // 20 samples x 6 neurons, float32
    private int header;

    @BeforeEach
    void writeLayer() throws IOException {
        file = LayerFiles.npy(folder.resolve("layer.npy"), LayerFiles.layer(20, 6), ElementType.F32);
        whole = Files.readAllBytes(file);
        header = whole.length - 20 * 6 * 4;
    }

    /** Runs on {@code arguments}; the message must be one line that begins with {@code message}, FILE being the layer. */
    private void refused(int exitCode, String message, Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("correlate", "--threshold", "0.5"));
        all.addAll(Arrays.asList(arguments));
        if (!all.contains("--out")) {
            all.addAll(List.of("--out", folder.resolve("edges.npz")));
        }
        FolderContent before = FolderContent.of(folder);
        Run run = Run.of(all.toArray());
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        assertThat(run.out()).isEmpty();
        List<String> lines = run.err().lines().toList();
        assertThat(lines).filteredOn(line -> line.startsWith("morula: ")).hasSize(1);
        assertThat(lines.get(lines.size() - 1)).startsWith("morula: " + message.replace("FILE", file.toString()));
        assertThat(FolderContent.of(folder)).isEqualTo(before);
    }

    private void refusedFile(byte[] bytes, String message) throws IOException {
        Files.write(file, bytes);
        refused(3, "FILE: " + message, file);
    }

    private byte[] withHeader(String from, String to) {
        String text = new String(whole, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(from);
        return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The file with another shape in its header, which stays as long as it was. */
    private byte[] withShape(String shape) {
        String blank = " ".repeat(40);
        int length = "(20, 6), }".length() + blank.length();
        return withHeader("(20, 6), }" + blank, (shape + ", }" + blank + blank).substring(0, length));
    }

    @Test
    void whatIsNoArray() throws IOException {
        refusedFile(new byte[0], "is empty");
        refusedFile("PK and something else".getBytes(StandardCharsets.US_ASCII), "is not an .npy array");
        refusedFile(Arrays.copyOf(whole, 3), "is truncated: it ends inside its header");
        refusedFile(Arrays.copyOf(whole, header - 1), "is truncated: it ends inside its header");
        byte[] unknown = whole.clone();
        unknown[6] = 9;
        refusedFile(unknown, "has .npy version 9");
        refusedFile(withHeader("'shape'", "'shade'"), "its header must give descr, fortran_order and shape");
        refusedFile(withHeader("(20, 6)", "(20, 6 "), "its header is not that of a plain array");
    }

    @Test
    void anArrayThatIsNotWhatItsHeaderSays() throws IOException {
        refusedFile(
                Arrays.copyOf(whole, whole.length - 1), "is truncated: shape (20, 6) of <f4 takes 480 bytes, but 479");
        refusedFile(Arrays.copyOf(whole, header), "is truncated");
        refusedFile(Arrays.copyOf(whole, whole.length + 1), "has more bytes than its array");
        refusedFile(withShape("(21, 6)"), "is truncated");
        refusedFile(withShape("(19, 6)"), "has more bytes than its array");
        refusedFile(withShape("(-2, 6)"), "claims the impossible shape (-2, 6)");
        refusedFile(withShape("(4611686018427387904, 6)"), "claims shape (4611686018427387904, 6), which is more");
    }

    @ParameterizedTest
    @CsvSource({
        "big_endian, has big-endian elements of type \">f4\"",
        "complex, has complex numbers of type \"<c8\"",
        "object, has Python objects of type \"|O\"",
        "int, has elements of type I32",
        "structured, its header is not that of a plain array",
    })
    void elementsThatAreNoActivations(String name, String message) throws IOException, URISyntaxException {
        Path golden = Path.of(BadInputTest.class
                .getResource("/dev/morula/data/" + name + ".npy")
                .toURI());
        refusedFile(Files.readAllBytes(golden), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "(5, 4, 6); has 3 dimensions, shape [5, 4, 6]",
                "(120,); has 1 dimensions, shape [120]",
                "(1, 120); has one sample of 120 neurons; a correlation needs at least two",
            })
    void shapesThatAreNoLayer(String shape, String message) throws IOException {
        refusedFile(withShape(shape), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"(20, 0); [20, 0] has no neurons", "(0, 6); [0, 6] has no samples", "(0, 0); [0, 0] has no neurons"
            })
    void emptyShapes(String shape, String message) throws IOException {
        refusedFile(Arrays.copyOf(withShape(shape), header), "shape " + message);
    }

    @Test
    void filesThatCannotBeRead() {
        refused(3, folder + "/gone.npy: there is no such file", folder.resolve("gone.npy"));
        refused(3, folder + ": is a folder, not a file", folder);
        refused(3, "/dev/null: is not a regular file", "/dev/null");
        refused(3, "FILE: only tensors of a .safetensors file have names", file + ":weight");
        refused(3, folder + "/gone.safetensors: there is no such file", folder.resolve("gone.safetensors") + ":x");
    }

    @Test
    void shardsThatDoNotFit() {
        Path narrow = LayerFiles.npy(folder.resolve("narrow.npy"), LayerFiles.layer(20, 5), ElementType.F32);
        refused(3, narrow + ": has 5 neurons of type F32, but FILE has 6", file, narrow);
        Path half = LayerFiles.npy(folder.resolve("half.npy"), LayerFiles.layer(20, 6), ElementType.F16);
        refused(3, half + ": has 6 neurons of type F16, but FILE has 6 of type F32", file, half);
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Infinity", "-Infinity"})
    void aValueThatIsNotFiniteIsNamed(double value) {
        double[][] samples = LayerFiles.layer(20, 6);
        samples[17][4] = value;
        samples[11][4] = value;
        samples[3][5] = value;
        LayerFiles.npy(file, samples, ElementType.F32);
        refused(3, "FILE: neuron 4 is NaN or infinite at sample 11; drop such neurons with --drop-nonfinite", file);
    }

    @Test
    void outputsThatCannotBe() throws IOException {
        refused(
                3,
                folder + "/no/edges.npz: cannot be written: there is no folder",
                file,
                "--out",
                folder + "/no/edges.npz");
        refused(3, folder + ": cannot be written: it exists and is not a regular file", file, "--out", folder);
        refused(
                3,
                folder + "/no/n.csv: cannot be written: there is no folder",
                file,
                "--neurons",
                folder + "/no/n.csv");
        Files.createDirectory(folder.resolve("edges.json"));
        refused(3, folder + "/edges.json: cannot be written: it exists and is not a regular file", file);
        Files.delete(folder.resolve("edges.json"));
        refused(2, "FILE: is read or written by this command already", file, "--out", file);
        refused(2, "FILE: is read or written by this command already", file, "--neurons", file);
        refused(2, folder + "/edges.npz: is read or written", file, "--neurons", folder.resolve("edges.npz"));
        refused(2, folder + "/edges.json: is read or written", file, "--out", folder.resolve("edges.json"));
        refused(2, folder + "/run.json: is kept for the settings of a run", file, "--out", folder.resolve("run.npz"));
    }

    @Test
    void anEarlierResultOutlivesAFailure() throws IOException {
        Files.writeString(folder.resolve("edges.npz"), "an earlier result");
        refusedFile(Arrays.copyOf(whole, whole.length - 1), "is truncated");
        Files.write(file, whole);
        refused(4, "threshold 0.5 gives more than the 1 edges that --max-edges allows", file, "--max-edges", 1);
    }

    @Test
    void tooManyEdgesNameAThresholdThatWouldFit() {
        LayerFiles.npy(file, LayerFiles.layer(50, 300), ElementType.F32);
        Run run = Run.of("correlate", file, "--threshold", 0, "--out", folder.resolve("x.npz"), "--max-edges", 500)
                .exits(4);
        String fitting = run.err().strip().replaceAll("(?s).*a threshold of about ([0-9.]+) would fit", "$1");
        Run.of("correlate", file, "--threshold", fitting, "--out", folder.resolve("x.npz"), "--max-edges", 500)
                .exits(0);
    }

    @ParameterizedTest
    @CsvSource({
        "2, the threshold is 1.5, --threshold=1.5",
        "2, the threshold is NaN, --threshold=NaN",
        "2, at most 0 edges were asked for, --max-edges=0",
        "2, --threads 0: at least 1 is needed, --threads=0",
        "2, --memory 10.0 MiB: at least 256.0 MiB is needed, --memory=10M",
        "2, Unknown option: '--treshold=1', --treshold=1",
        "2, Invalid value for option '--metric', --metric=kendall",
        "2, Invalid value for option '--layout', --layout=rows",
        "2, Invalid value for option '--triangle', --triangle=lower",
        "2, Invalid value for option '--device', --device=tpu",
        "5, device cuda was asked for, --device=cuda",
    })
    void optionsThatCannotBe(int exitCode, String message, String option) {
        List<Object> arguments =
                new ArrayList<>(List.of("correlate", file, "--out", folder.resolve("edges.npz"), option));
        if (!option.startsWith("--threshold")) {
            arguments.add("--threshold=0.5");
        }
        FolderContent before = FolderContent.of(folder);
        Run run = Run.of(arguments.toArray()).exits(exitCode);
        assertThat(run.err().lines()).singleElement().asString().startsWith("morula: " + message);
        assertThat(FolderContent.of(folder)).isEqualTo(before);
    }

    @Test
    void tooLittleMemoryIsSaidBeforeTheWorkWithWhatWouldDo() {
        LayerFiles.npy(file, new double[100_000][2], ElementType.F32);
        long justStarts = Runtime.getRuntime().maxMemory() + (97L << 20);
        assumeThat(SystemMemory.now().totalBytes()).isGreaterThan(justStarts);
        Object[] arguments = {
            "correlate", file, "--threshold=0.5", "--out", folder.resolve("x.npz"), "--memory", justStarts
        };
        Run run = Run.of(arguments).exits(4);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .contains("correlating neurons of 100,000 samples needs");
        assertThat(run.err().strip()).matches("(?s).*--memory [0-9]+M would do");
        assertThat(folder.resolve("x.npz")).doesNotExist();
        arguments[6] = run.err().strip().replaceAll("(?s).*--memory ([0-9]+M) would do", "$1");
        Run.of(arguments).exits(0);
    }
}
