package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.morula.Python;
import dev.morula.correlate.TestLayers;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.SystemMemory;
import java.io.IOException;
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
import org.junit.jupiter.params.provider.ValueSource;

/** {@code morula correlate --top-k}: the file, its summary, and what makes no sense with it. */
class CorrelateTopKTest {
    private static final int NEURONS = 83;

    @TempDir
    private Path folder;

    private double[][] layer; // neurons x samples
    private Path file;

    @BeforeEach
    void makeLayer() {
        layer = TestLayers.lowRank(NEURONS, 120, 3, 0.4, 7);
        Arrays.fill(layer[5], 0);
        file = LayerFiles.npy(in("layer.npy"), LayerFiles.transposed(layer), ElementType.F32);
    }

    private Path in(String name) {
        return folder.resolve(name);
    }

    private Run correlate(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("correlate", file, "--json"));
        all.addAll(Arrays.asList(arguments));
        return Run.of(all.toArray());
    }

    @Test
    void theSummarySaysWhatWasAskedFor() throws IOException {
        JsonNode summary =
                correlate("--top-k", 4, "--out", in("top.npz")).exits(0).json();
        assertThat(summary.get("topK").asInt()).isEqualTo(4);
        assertThat(summary.get("threshold").isNull()).isTrue();
        assertThat(summary.get("edges").asInt()).isEqualTo(4 * (NEURONS - 1));
        assertThat(summary.get("pairs").asInt()).isEqualTo(82 * 81 / 2);
        assertThat(Run.parse(Files.readString(in("top.json")))).isEqualTo(summary);
        assertThat(Run.of("correlate", file, "--top-k", 4, "--out", in("top.npz"))
                        .exits(0)
                        .out())
                .contains("328 partners, the 4 strongest of each neuron.");
        JsonNode both = correlate("--top-k", 4, "--threshold", 0.9, "--out", in("top.npz"))
                .exits(0)
                .json();
        assertThat(both.get("threshold").asDouble()).isEqualTo(0.9);
        assertThat(both.get("edges").asInt()).isLessThan(4 * (NEURONS - 1));
        JsonNode usual =
                correlate("--threshold", 0.9, "--out", in("edges.npz")).exits(0).json();
        assertThat(usual.get("topK").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pearson", "spearman", "cosine"})
    void theFileIsTheSameForAnyPlanLayoutAndThreads(String metric) throws IOException {
        correlate("--top-k", 7, "--abs", "--metric", metric, "--out", in("a.npz"))
                .exits(0);
        LayerFiles.npy(file, layer, ElementType.F32);
        for (String plan : List.of("brute", "screen")) {
            correlate(
                            "--top-k",
                            7,
                            "--abs",
                            "--metric",
                            metric,
                            "--layout",
                            "neurons-first",
                            "--plan",
                            plan,
                            "--threads",
                            1,
                            "--out",
                            in("b.npz"))
                    .exits(0);
            assertThat(Files.readAllBytes(in("b.npz"))).isEqualTo(Files.readAllBytes(in("a.npz")));
        }
    }

    @Test
    void sciPyAgrees() {
        Python.require("scipy.sparse");
        correlate("--top-k", 9, "--out", in("signed.npz")).exits(0);
        correlate("--top-k", 9, "--abs", "--out", in("abs.npz")).exits(0);
        Python.run("""
                import sys, warnings, numpy as np, scipy.sparse
                warnings.simplefilter("ignore")
                r = np.nan_to_num(np.corrcoef(np.load(sys.argv[1]).astype("f8").T), nan=-9)
                np.fill_diagonal(r, -9)
                for name, strength in (sys.argv[2], r), (sys.argv[3], np.where(r == -9, -9, abs(r))):
                    graph = scipy.sparse.load_npz(name)
                    assert graph.dtype == np.float32 and graph.has_canonical_format and graph.shape == r.shape
                    assert graph[5].nnz == 0 and graph[:, 5].nnz == 0
                    for i in set(range(len(r))) - {5}:
                        best = np.sort(np.argsort(-strength[i], kind="stable")[:9])
                        assert (graph[i].indices == best).all()
                        assert np.allclose(graph[i].data, r[i][best], rtol=0, atol=1e-6)
                """, file, in("signed.npz"), in("abs.npz"));
    }

    @Test
    void aDirectedGraphIsNeitherClusteredNorReported() {
        correlate("--top-k", 3, "--out", in("edges.npz")).exits(0);
        assertThat(Run.of("cluster", in("edges.npz"), "--out", in("labels.npy"))
                        .exits(3)
                        .err())
                .contains("is not symmetric")
                .contains("morula correlate --top-k writes a directed graph");
        assertThat(Run.of("report", folder).exits(3).err()).contains("the 3 strongest partners of each neuron");
    }

    @ParameterizedTest
    @CsvSource({
        "give --threshold R or --top-k K, ''",
        "the 0 strongest partners were asked for, --top-k 0",
        "each of 83 neurons has 82 others, --top-k 83",
        "--triangle upper, --top-k 3 --triangle upper",
        "--max-edges, --top-k 3 --max-edges 7",
        "--degrees, --top-k 3 --degrees degrees.npy",
        "--neurons, --top-k 3 --neurons neurons.csv",
        "--dry-run, --top-k 3 --dry-run",
    })
    void whatMakesNoSenseIsSaidBeforeTheWork(String message, String options) {
        FolderContent before = FolderContent.of(folder);
        List<Object> arguments = new ArrayList<>(List.of("--out", in("edges.npz")));
        for (String word : options.isEmpty() ? new String[0] : options.split(" ")) {
            arguments.add(word.contains(".") ? in(word) : word);
        }
        assertThat(correlate(arguments.toArray()).exits(2).err()).contains(message);
        assertThat(FolderContent.of(folder)).isEqualTo(before);
    }

    @Test
    void partnersThatDoNotFitTheMemoryAreRefusedBeforeTheWork() {
        long memory = Runtime.getRuntime().maxMemory() + (400L << 20);
        assumeTrue(SystemMemory.now().totalBytes() > memory);
        file = LayerFiles.npy(in("wide.npy"), new double[2][40_000], ElementType.F32);
        assertThat(correlate("--top-k", 5000, "--out", in("edges.npz"), "--memory", memory)
                        .exits(4)
                        .err())
                .contains("keeping the 5,000 strongest partners of 40,000 neurons");
        assertThat(in("edges.npz")).doesNotExist();
    }
}
