package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.morula.correlate.CorrelationOracle;
import dev.morula.correlate.TestLayers;
import dev.morula.data.Npy;
import dev.morula.data.SafetensorsWriter;
import dev.morula.data.SafetensorsWriter.Tensor;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Sign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code morula dedupe} on a dictionary with planted duplicates, held against the exact correlations. */
class DedupeCommandTest {
    private static final int LATENTS = 211;
    private static final int DIMENSIONS = 67;

    @TempDir
    private Path folder;

    private double[][] dictionary;
    private Path out;

    @BeforeEach
    void plantDuplicates() {
        dictionary = TestLayers.map(TestLayers.gaussian(LATENTS, DIMENSIONS, 3), x -> Math.rint(16 * x) / 16);
        dictionary[40] = dictionary[3].clone();
        dictionary[50] = scaled(dictionary[3], 4);
        dictionary[60] = scaled(dictionary[5], -2);
        dictionary[70] = mixture(dictionary[7], dictionary[8], 3); // about 0.95 with row 7
        dictionary[80] = mixture(dictionary[9], dictionary[10], 1); // about 0.7 with rows 9 and 10
        for (int row = 100; row < 120; row++) { // chains: each close to the next, the ends far apart
            dictionary[row + 1] = mixture(dictionary[row], dictionary[row + 50], 2.5);
        }
        Arrays.fill(dictionary[90], 0);
        Arrays.fill(dictionary[91], 0.5);
        out = folder.resolve("dedupe");
    }

    private static double[] scaled(double[] row, double factor) {
        return Arrays.stream(row).map(x -> factor * x).toArray();
    }

    /** A row whose cosine with {@code main} is about weight / sqrt(weight^2 + 1), in numbers that BF16 holds. */
    private static double[] mixture(double[] main, double[] other, double weight) {
        double ratio = norm(main) / norm(other);
        double[] mixture = new double[main.length];
        for (int k = 0; k < main.length; k++) {
            mixture[k] = rounded(weight * main[k] + ratio * other[k]);
        }
        return mixture;
    }

    private static double norm(double[] row) {
        return Math.sqrt(Arrays.stream(row).map(x -> x * x).sum());
    }

    /** With 8 significant bits. */
    private static double rounded(double x) {
        double unit = Math.scalb(1.0, Math.getExponent(x) - 7);
        return Math.rint(x / unit) * unit;
    }

    private Path npy() {
        return LayerFiles.npy(folder.resolve("dictionary.npy"), dictionary, ElementType.F32);
    }

    private Path safetensors(ElementType type) {
        Path file = folder.resolve("dictionary.safetensors");
        try (Matrix decoder = Matrices.of(dictionary, type);
                Matrix encoder = Matrices.of(LayerFiles.transposed(dictionary), ElementType.F32)) {
            SafetensorsWriter.write(
                    file, List.of(Tensor.matrix("W_enc", encoder), Tensor.matrix("W_dec", decoder)), Map.of());
        }
        return file;
    }

    private JsonNode json(String name) throws IOException {
        return Run.parse(Files.readString(out.resolve(name)));
    }

    private long[] kept() {
        try (Matrix rows = Npy.open(out.resolve("keep.npy")).map()) {
            assertThat(rows.type()).isEqualTo(ElementType.I64);
            long[] kept = new long[Math.toIntExact(rows.rows())];
            rows.read(0, kept, 0, kept.length);
            return kept;
        }
    }

    private static List<Integer> ints(JsonNode list) {
        List<Integer> values = new ArrayList<>();
        list.forEach(value -> values.add(value.asInt()));
        return values;
    }

    /** The representative of every removed row. */
    private Map<Integer, Integer> representatives() throws IOException {
        Map<Integer, Integer> representatives = new TreeMap<>();
        json("merge.json").get("groups").forEach(group -> group.get("members")
                .forEach(member -> representatives.put(
                        member.get("row").asInt(), group.get("representative").asInt())));
        return representatives;
    }

    @ParameterizedTest
    @CsvSource({
        "cosine, 0.9, SIGNED",
        "cosine, 0.9, ABSOLUTE",
        "pearson, 0.9, SIGNED",
        "pearson, 0.6, ABSOLUTE",
        "cosine, 1, SIGNED",
        "cosine, 0.2, SIGNED",
        "cosine, 0.1, ABSOLUTE"
    })
    void removedRowsReachTheThresholdWithTheirKeeperAndKeptOnesDoNotAmongThemselves(
            String metric, double threshold, Sign sign) throws IOException {
        Object[] command = {"dedupe", npy(), "--metric", metric, "--threshold", threshold, "--out", out};
        if (sign == Sign.ABSOLUTE) {
            command = Arrays.copyOf(command, command.length + 1);
            command[command.length - 1] = "--abs";
        }
        Run.of(command).exits(0);
        CorrelationOracle oracle = new CorrelationOracle(dictionary, Metric.valueOf(metric.toUpperCase(Locale.ROOT)));
        Set<Long> edges = oracle.edges(threshold, sign).longs();
        TreeSet<Integer> all = new TreeSet<>();
        long[] kept = kept();
        assertThat(kept).isSorted();
        for (long i : kept) {
            all.add((int) i);
            for (long j : kept) {
                assertThat(edges).doesNotContain(i << 32 | j);
            }
        }
        Map<Integer, Integer> representatives = representatives();
        assertThat(representatives).isNotEmpty();
        representatives.forEach((row, representative) -> {
            assertThat(edges).contains((long) Math.min(row, representative) << 32 | Math.max(row, representative));
            assertThat(all.add(row)).isTrue(); // not kept
            assertThat(kept).contains(representative);
        });
        assertThat(all).hasSize(LATENTS);
        JsonNode certificate = json("certificate.json");
        assertThat(certificate.get("kept").asInt()).isEqualTo(kept.length);
        assertThat(certificate.get("merged").asInt()).isEqualTo(representatives.size());
    }

    @Test
    void everyRowHasOneRoleAndEveryCorrelationIsTrue() throws IOException {
        Run.of("dedupe", npy(), "--abs", "--out", out).exits(0);
        CorrelationOracle oracle = new CorrelationOracle(dictionary, Metric.COSINE);
        JsonNode merge = json("merge.json");
        TreeSet<Integer> keptByRole = new TreeSet<>();
        for (JsonNode group : merge.get("groups")) {
            int representative = group.get("representative").asInt();
            keptByRole.add(representative);
            for (JsonNode member : group.get("members")) {
                double expected =
                        oracle.correlation(representative, member.get("row").asInt());
                assertThat(member.get("correlation").asDouble()).isCloseTo(expected, within(1e-6));
                assertThat(member.get("negated").asBoolean()).isEqualTo(expected < 0);
            }
        }
        assertThat(representatives()).containsEntry(40, 3).containsEntry(50, 3).containsEntry(60, 5);
        assertThat(representatives()).containsEntry(70, 7).doesNotContainKeys(80, 9, 10, 90, 91);
        assertThat(ints(merge.get("zero"))).containsExactly(90);
        assertThat(ints(merge.get("constant"))).isEmpty(); // it has a cosine
        keptByRole.addAll(ints(merge.get("alone")));
        keptByRole.addAll(ints(merge.get("zero")));
        assertThat(keptByRole)
                .containsExactlyElementsOf(
                        Arrays.stream(kept()).mapToObj(i -> (int) i).toList());
    }

    @Test
    void rowsWithoutAPearsonCorrelationAreKeptAndListed() throws IOException {
        dictionary[92][4] = Double.POSITIVE_INFINITY;
        JsonNode certificate = Run.of(
                        "dedupe", npy(), "--metric", "pearson", "--drop-nonfinite", "--json", "--out", out)
                .exits(0)
                .json();
        JsonNode merge = json("merge.json");
        assertThat(ints(merge.get("zero"))).containsExactly(90);
        assertThat(ints(merge.get("constant"))).containsExactly(91);
        assertThat(ints(merge.get("nonFinite"))).containsExactly(92);
        assertThat(kept()).contains(90, 91, 92);
        assertThat(List.of(
                        certificate.get("zero").asInt(),
                        certificate.get("constant").asInt(),
                        certificate.get("nonFinite").asInt()))
                .containsOnly(1);
    }

    @ParameterizedTest
    @CsvSource({"F32", "BF16"})
    void tensorsAndArraysOfTheSameValuesGiveTheSameRows(ElementType type) throws IOException {
        Run.of("dedupe", npy(), "--out", out).exits(0);
        byte[] expected = Files.readAllBytes(out.resolve("keep.npy"));
        Map<Integer, Integer> representatives = representatives();
        out = folder.resolve("second");
        Files.createDirectory(out); // an empty folder is replaced
        Run.of("dedupe", safetensors(type) + ":W_dec", "--threads", 1, "--out", out)
                .exits(0);
        assertThat(out.resolve("keep.npy")).hasBinaryContent(expected);
        assertThat(representatives()).isEqualTo(representatives);
        out = folder.resolve("third");
        Run.of("dedupe", folder + "/dictionary.safetensors:W_enc", "--layout", "samples-first", "--out", out)
                .exits(0);
        assertThat(out.resolve("keep.npy")).hasBinaryContent(expected);
        assertThat(FolderContent.of(folder).files().keySet()).noneMatch(name -> name.contains("tmp"));
    }

    @Test
    void theCertificateNamesTheInputByItsHashes() throws IOException {
        Path file = safetensors(ElementType.BF16);
        JsonNode printed = Run.of("dedupe", file + ":W_dec", "--json", "--out", out)
                .exits(0)
                .json();
        JsonNode certificate = json("certificate.json");
        assertThat(printed).isEqualTo(certificate);
        byte[] bytes = Files.readAllBytes(file);
        int tensorBytes = LATENTS * DIMENSIONS * 2;
        JsonNode input = certificate.get("input").get(0);
        assertThat(input.get("path").asText()).isEqualTo(file.toString());
        assertThat(input.get("tensor").asText()).isEqualTo("W_dec");
        assertThat(input.get("bytes").asLong()).isEqualTo(bytes.length);
        assertThat(input.get("sha256").asText()).isEqualTo(sha256(bytes));
        assertThat(input.get("tensorBytes").asLong()).isEqualTo(tensorBytes);
        assertThat(input.get("tensorSha256").asText()) // the last tensor of the file
                .isEqualTo(sha256(Arrays.copyOfRange(bytes, bytes.length - tensorBytes, bytes.length)));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anInputThatChangesMeanwhileIsNoticed() throws IOException {
        Path file = Files.writeString(folder.resolve("input"), "one");
        InputHash.Version version = InputHash.Version.of(file);
        version.requireUnchanged();
        Files.writeString(file, "three");
        assertThatThrownBy(version::requireUnchanged)
                .hasMessage(file + ": was changed while it was being worked on; run again");
    }

    @Test
    void theCertificateSaysWhatWasDecidedAndHow() throws IOException {
        Run.of("dedupe", npy(), "--threshold", 0.8, "--out", out).exits(0);
        JsonNode certificate = json("certificate.json");
        assertThat(certificate.get("theta").asDouble()).isEqualTo(0.8);
        assertThat(certificate.get("metric").asText()).isEqualTo("cosine");
        assertThat(certificate.get("abs").asBoolean()).isFalse();
        assertThat(certificate.get("rows").asInt()).isEqualTo(LATENTS);
        assertThat(certificate.get("samples").asInt()).isEqualTo(DIMENSIONS);
        assertThat(certificate.get("largestCorrelationError").asDouble()).isEqualTo(1e-6);
        assertThat(certificate.get("date").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        long pairs = (LATENTS - 1) * (LATENTS - 2L) / 2; // all but the zero row
        assertThat(certificate.get("pairs").asLong()).isEqualTo(pairs);
        long open = pairs;
        for (JsonNode stage : certificate.get("stages")) {
            assertThat(stage.get("pairsIn").asLong()).isEqualTo(open);
            open = stage.get("pairsOut").asLong();
        }
        assertThat(open).isZero();
    }

    @Test
    void saysInAFewSentencesWhatItFound() {
        assertThat(Run.of("dedupe", npy(), "--threshold", 0.95, "--out", out)
                        .exits(0)
                        .out()
                        .lines())
                .first()
                .asString()
                .startsWith("Of 211 rows, ")
                .contains("No two kept rows have a cosine similarity of 0.95 or more; every removed one has")
                .endsWith("1 row of zeros kept uncompared.");
    }

    private void refused(int exitCode, String message, Object... arguments) {
        FolderContent before = FolderContent.of(folder);
        Object[] command = new Object[arguments.length + 1];
        command[0] = "dedupe";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Run run = Run.of(command).exits(exitCode);
        assertThat(run.err().lines().filter(line -> line.startsWith("morula: ")).toList())
                .singleElement()
                .asString()
                .startsWith("morula: " + message);
        assertThat(run.out()).isEmpty();
        assertThat(FolderContent.of(folder)).isEqualTo(before);
    }

    @Test
    void refusesWhatCannotBeWithASentence() throws IOException {
        Path file = npy();
        refused(2, "--threshold 0.0: it must be above 0", file, "--threshold", 0, "--out", out);
        refused(2, "--threshold NaN: it must be above 0", file, "--threshold", "NaN", "--out", out);
        refused(2, "the threshold is 1.5: it must be between", file, "--threshold", 1.5, "--out", out);
        refused(3, folder + ": exists and is not an empty folder", file, "--out", folder);
        refused(3, file + ": exists and is not an empty folder", file, "--out", file);
        refused(
                3,
                folder + "/a/b: cannot be made: there is no folder " + folder + "/a",
                file,
                "--out",
                folder + "/a/b");
        refused(3, folder + "/none.npy: there is no such file", folder.resolve("none.npy"), "--out", out);
        Path tensors = safetensors(ElementType.F32);
        refused(3, tensors + ": has 2 matrices; name one of them", tensors, "--out", out);
        dictionary[92][4] = Double.NaN;
        npy();
        refused(3, file + ": neuron 92 is NaN or infinite at sample 4", file, "--out", out);
    }
}
