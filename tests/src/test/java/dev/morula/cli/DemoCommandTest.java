package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
    @TempDir
    private Path folder;

    @Test
    void walksTheWholeFlowAndMayBeRepeated() throws IOException {
        Path run = folder.resolve("demo");
        Run first = Run.of("demo", "--width", 64, "--epochs", 2, "--threshold", 0.8, "--out", run);
        assertThat(first.exitCode()).isIn(0, 6);
        assertThat(first.out())
                .contains(
                        "Train error", "Test error", "Never active", "Edges", "Clusters", "Cluster sizes", "correlate")
                .contains("Report: " + run.resolve("report.html"));
        assertThat(FolderContent.of(run).files().keySet())
                .containsExactlyInAnyOrder(
                        "",
                        "run.json",
                        "model.safetensors",
                        "metrics.jsonl",
                        "layer.npy",
                        "edges.npz",
                        "edges.json",
                        "neurons.csv",
                        "labels.npy",
                        "labels.json",
                        "report.html");
        byte[] edges = Files.readAllBytes(run.resolve("edges.npz"));
        JsonNode json = Run.of("demo", "--width", 64, "--epochs", 2, "--threshold", 0.8, "--out", run, "--json")
                .exits(first.exitCode())
                .json();
        assertThat(run.resolve("edges.npz")).hasBinaryContent(edges); // training and all that follows is deterministic
        assertThat(json).isEqualTo(Run.parse(Files.readString(run.resolve("run.json"))));
        assertThat(json.get("correlation").get("neurons").asInt()).isEqualTo(64);
        assertThat(json.get("clusters").get("method").asText()).isEqualTo("cover");
        assertThat(json.get("seconds").fieldNames())
                .toIterable()
                .containsExactly(
                        "train", "record", "read", "standardise", "correlate", "graph", "write", "cluster", "report");
    }

    @Test
    void aMissedGoalIsExitCodeSixAndTheReportIsThere() {
        Run run = Run.of("demo", "--width", 1, "--epochs", 1, "--out", folder)
                .exits(6); // one neuron cannot tell ten digits
        assertThat(run.err()).contains("zero train error was not reached in 22 epochs");
        assertThat(folder.resolve("report.html")).isNotEmptyFile();
    }

    @Test
    void refusesWhatCannotWorkBeforeItTrains() {
        assertThat(Run.of("demo", "--width", 0, "--out", folder).exits(2).err()).contains("--width 0");
        assertThat(Run.of("demo", "--threshold", 2, "--out", folder).exits(2).err())
                .doesNotContain("train ");
        assertThat(Run.of("demo", "--data", folder, "--out", folder).exits(3).err())
                .contains(folder + ": has no file train-images-idx3-ubyte");
        assertThat(folder).isEmptyDirectory();
    }
}
