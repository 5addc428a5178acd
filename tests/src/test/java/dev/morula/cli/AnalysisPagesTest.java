package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.data.Npy;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code morula report} on folders of analyses and sweeps, from the JSON that other commands write. */
class AnalysisPagesTest {
    private static final String ANALYSIS = """
            {"schema": 1, "seed": 7, "layers": {"last": {"neurons": 64, "samples": 100, "deadUnits": 0,
             "constantUnits": 0, "trainError": 0.0, "testError": 0.05, "criticalWidth": 16.0, "clones": 4.0,
             "chunks": [{"size": 16, "trainError": 0.005, "testError": 0.06}, {"size": 64, "trainError": 0.0}]}},
             "network": null, "effectiveDepth": null, "addedLater": 3}
            """;
    private static final String SWEEP = """
            {"schema": 1, "net": "pmnist:W", "data": "mnist-mini", "chunks": 10, "chunksR2": 0,
             "groups": [{"settings": {"width": "64"}, "width": 64, "runs": [], "clones": 4.0,
             "criticalWidth": {"value": 16.0, "low": null, "high": null},
             "sizes": [{"size": 16, "trainError": {"mean": 0.004, "standardError": null}}]}], "shapes": []}
            """;
    private static final String CLONES = """
            {"schema": 1, "neurons": 64, "typeCount": 16, "typeSizes": [9, 8], "sentence": "Clones are no better.",
             "test": {"deals": 100, "clones": [
              {"neurons": [1, 5], "covered": 1.0, "testError": {"dealt": 0.25, "random": {"mean": 0.5,
               "standardError": 0.0125}, "p": 0.5}, "r2": {"dealt": 0.9}, "residualCorrelation": {"dealt": null}}]}}
            """;

    @TempDir
    private Path folder;

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    @Test
    void aFolderOfAnAnalysisHasItsPage() throws IOException {
        write("analysis.json", ANALYSIS);
        Run.of("report", folder).exits(0);
        assertThat(read("report.html")).contains("W = 64 holds about 4 clones: chunks of 16 random neurons");
        assertThat(read("figures/chunk-errors.csv"))
                .isEqualTo(
                        "size,trainError,trainErrorStdError,testError,testErrorStdError\n16,0.005,,0.06,\n64,0,,,\n");
    }

    @Test
    void theAnalysisOfARunLiesInItsFolder() throws IOException {
        write("run/analysis/analysis.json", ANALYSIS);
        write("run/clones.json", CLONES);
        try (Matrix linkage = Matrix.allocate(ElementType.F64, 2, 4)) {
            linkage.write(0, new double[] {0, 1, 0.25, 2, 2, 3, 1, 3}, 0, 8); // the second joins what is unrelated
            Npy.write(folder.resolve("run/linkage.npy"), linkage);
        }
        assertThat(Run.of("report", folder.resolve("run"), "--json")
                        .exits(0)
                        .json()
                        .get("report")
                        .asText())
                .isEqualTo(folder.resolve("run/analysis/report.html").toString());
        assertThat(read("run/analysis/figures/dendrogram.csv"))
                .isEqualTo("node,parent,position,height,neurons\n3,,0.5,0.25,2\n0,3,0,0,1\n1,3,1,0,1\n");
        assertThat(read("run/analysis/figures/clones.csv"))
                .isEqualTo("clone,neurons,typesCovered,accuracy,r2,residualCorrelation,p\n1,2,1,0.75,0.9,,0.5\n");
        assertThat(read("run/analysis/figures/clone-accuracy.csv"))
                .isEqualTo("clone,accuracy,randomLow,randomHigh\n1,0.75,0.25,0.75\n");
        assertThat(read("run/analysis/report.html")).contains("Clones are no better.");
    }

    @Test
    void aFolderOfASweepHasItsPage() throws IOException {
        write("sweep.json", SWEEP);
        Run.of("report", folder).exits(0);
        assertThat(read("report.html")).contains("pmnist:W on mnist-mini", "W = 64 holds about 4");
    }

    @Test
    void whatIsNoAnalysisIsRefused() throws IOException {
        write("analysis.json", "{\"schema\": 2}");
        assertThat(Run.of("report", folder).exits(3).err()).contains("analysis.json: has schema 2");
        assertThat(folder.resolve("report.html")).doesNotExist();
    }
}
