package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.morula.kernel.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code morula correlate --plan} and {@code --dry-run}. */
class CorrelatePlanTest {
    private static final int NEURONS = 701;
    private static final int SAMPLES = 301;

    @TempDir
    private Path folder;

    private double[][] samples;
    private Path layer;

    @BeforeEach
    void makeLayer() {
        samples = LayerFiles.transposed(LayerFiles.layer(NEURONS, SAMPLES));
        layer = LayerFiles.npy(folder.resolve("layer.npy"), samples, ElementType.F32);
    }

    private JsonNode correlate(Path out, Object... arguments) throws IOException {
        List<Object> all = new ArrayList<>(List.of("correlate", "--threshold", "0.8", "--out", out, "--json"));
        all.addAll(Arrays.asList(arguments));
        return Run.of(all.toArray()).exits(0).json();
    }

    @Test
    void everyPlanWritesTheSameFile() throws IOException {
        Path brute = folder.resolve("brute.npz");
        Path screen = folder.resolve("screen.npz");
        Path auto = folder.resolve("auto.npz");
        JsonNode plan = correlate(brute, "--plan", "brute", layer).get("plan");
        assertThat(plan.get("method").asText()).isEqualTo("brute");
        plan = correlate(screen, "--plan", "screen", layer).get("plan");
        assertThat(plan.get("method").asText()).isIn("principal", "coordinates");
        assertThat(plan.get("rank").asInt()).isPositive();
        correlate(auto, layer);
        assertThat(Files.readAllBytes(screen)).isEqualTo(Files.readAllBytes(brute));
        assertThat(Files.readAllBytes(auto)).isEqualTo(Files.readAllBytes(brute));
    }

    @Test
    void everyPairIsAccountedForByAStage() throws IOException {
        JsonNode result = correlate(folder.resolve("edges.npz"), "--plan", "screen", layer);
        JsonNode stages = result.get("stages");
        assertThat(stages.findValuesAsText("stage")).hasSize(4).contains("float32", "float64", "double-double");
        assertThat(stages.get(0).get("pairsIn").asLong())
                .isEqualTo(result.get("pairs").asLong());
        for (int i = 1; i < stages.size(); i++) {
            assertThat(stages.get(i).get("pairsIn").asLong())
                    .isEqualTo(stages.get(i - 1).get("pairsOut").asLong());
            assertThat(stages.get(i).get("seconds").asDouble()).isNotNegative();
        }
        assertThat(stages.get(3).get("pairsOut").asLong()).isZero();
        assertThat(stages.get(0).get("pairsOut").asLong())
                .isGreaterThanOrEqualTo(result.get("edges").asLong())
                .isLessThan(result.get("pairs").asLong());
    }

    @Test
    void aDryRunForetellsAndWritesNothing() throws IOException {
        Path out = folder.resolve("edges.npz");
        JsonNode forecast = correlate(out, "--dry-run", layer);
        assertThat(folder).isDirectoryNotContaining("glob:**edges*");
        long edges = correlate(out, layer).get("edges").asLong();
        assertThat(forecast.get("dryRun").asBoolean()).isTrue();
        assertThat(forecast.get("bytesToRead").asLong()).isEqualTo((long) NEURONS * SAMPLES * Float.BYTES);
        assertThat(forecast.get("scratchBytes").asLong()).isZero();
        assertThat(forecast.get("edges").asLong()).isBetween(edges / 2, edges * 2);
        assertThat(forecast.get("outputBytes").asLong()).isPositive();
        assertThat(forecast.get("memoryBytes").asLong())
                .isLessThan(forecast.get("memoryBound").asLong());
        assertThat(forecast.get("seconds").asDouble()).isPositive();
    }

    @Test
    void aDryRunReadsShardsAndEitherLayout() throws IOException {
        Path first = LayerFiles.npy(folder.resolve("1.npy"), Arrays.copyOfRange(samples, 0, 100), ElementType.F32);
        Path second =
                LayerFiles.npy(folder.resolve("2.npy"), Arrays.copyOfRange(samples, 100, SAMPLES), ElementType.F32);
        Path neurons = LayerFiles.npy(folder.resolve("n.npy"), LayerFiles.transposed(samples), ElementType.F32);
        Path out = folder.resolve("edges.npz");
        JsonNode whole = correlate(out, "--dry-run", layer);
        JsonNode shards = correlate(out, "--dry-run", first, second);
        JsonNode turned = correlate(out, "--dry-run", "--layout", "neurons-first", neurons);
        assertThat(shards.get("scratchBytes").asLong()).isEqualTo((long) NEURONS * SAMPLES * Float.BYTES);
        assertThat(turned.get("scratchBytes").asLong()).isZero();
        for (JsonNode other : List.of(shards, turned)) {
            assertThat(other.get("pairs")).isEqualTo(whole.get("pairs"));
            assertThat(other.get("edges")).isEqualTo(whole.get("edges"));
        }
    }

    @Test
    void aDryRunOfATinyLayerSaysThatItIsTiny() {
        Path tiny = LayerFiles.npy(
                folder.resolve("tiny.npy"), LayerFiles.transposed(LayerFiles.layer(9, 20)), ElementType.F32);
        Run run = Run.of("correlate", "--threshold", "0.5", "--out", folder.resolve("t.npz"), "--dry-run", tiny);
        assertThat(run.exits(0).out()).contains("Too few neurons");
    }
}
