package dev.morula;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table that bench/rates.py makes of JMH's JSON, where there is a Python: MORULA_PYTHON, or python3. */
class BenchmarkRatesTest {
    private static final Path SCRIPT = Path.of("../bench/rates.py").toAbsolutePath();

    private static final String RUN = """
            {"benchmark": "dev.morula.%s", "mode": "%s", "params": {%s},
             "primaryMetric": {"score": %s, "scoreUnit": "ops/s"},
             "secondaryMetrics": {%s}}""";

    @TempDir
    Path folder;

    @BeforeAll
    static void requirePython() {
        Python.require("json");
    }

    @Test
    void aKernelIsHeldAgainstTheCeilingOfItsUnitAndThreads() throws IOException {
        String table = table(
                run("kernel.CeilingBenchmark.product", "\"n\": \"4096\", \"threads\": \"1\"", 1, "gigaflop", 100),
                run("kernel.CeilingBenchmark.product", "\"n\": \"4096\", \"threads\": \"2\"", 2, "gigaflop", 200),
                run("kernel.CeilingBenchmark.copy", "\"mebibytes\": \"256\", \"threads\": \"1\"", 20, "gigabyte", 10.5),
                run("train.LinearBenchmark.forward", "\"layer\": \"3x5\", \"tier\": \"best\"", 1234, "gigaflop", 50),
                run("train.ConvolutionBenchmark.backward", "\"threads\": \"2\"", 0.25, "gigaflop", 50),
                run("train.PoolBenchmark.max", "\"tier\": \"avx2\"", 7, "gigabyte", 21));
        assertThat(table.lines().skip(2))
                .containsExactly(
                        "| Ceiling.product | n 4096 |  | 1 | 1.00 | 100 GFLOP/s | is the ceiling |",
                        "| Ceiling.product | n 4096 |  | 2 | 2.00 | 200 GFLOP/s | is the ceiling |",
                        "| Ceiling.copy | mebibytes 256 |  | 1 | 20.0 | 10.5 GB/s | is the ceiling |",
                        "| Linear.forward | layer 3x5 | best | 1 | 1,234 | 50.0 GFLOP/s | 50% of 100 |",
                        "| Convolution.backward |  |  | 2 | 0.25 | 50.0 GFLOP/s | 25% of 200 |",
                        "| Pool.max |  | avx2 | 1 | 7.00 | 21.0 GB/s | 200% of 10.5 |");
    }

    @Test
    void aMissingCeilingIsSaid() throws IOException {
        String table = table(
                run("kernel.CeilingBenchmark.copy", "\"threads\": \"2\"", 20, "gigabyte", 10),
                run("train.PoolBenchmark.max", "", 7, "gigabyte", 20));
        assertThat(table).endsWith("| Pool.max |  |  | 1 | 7.00 | 20.0 GB/s | no ceiling measured |\n");
    }

    @Test
    void whatCountsNothingIsLeftOut() throws IOException {
        String table = table(
                RUN.formatted("train.TrainingStepBenchmark.step", "sample", "", 3, ""),
                run("train.PoolBenchmark.max", "", 7, "gigabyte", 20));
        assertThat(table.lines()).hasSize(3);
    }

    @Test
    void aFileWithoutRatesIsAnError() throws IOException {
        assertThat(table(RUN.formatted("train.PoolBenchmark.max", "ss", "", 7, "")))
                .contains("has no rates")
                .contains("without -bm");
    }

    @Test
    void timesForWorkAreNotTakenForRates() throws IOException {
        assertThat(table(RUN.formatted("train.PoolBenchmark.max", "avgt", "", 7, counter("gigabyte", 20, "s/op"))))
                .contains("not avgt and s/op");
    }

    private static String run(String benchmark, String parameters, double calls, String counter, double rate) {
        return RUN.formatted(benchmark, "thrpt", parameters, calls, counter(counter, rate, "ops/s"));
    }

    private static String counter(String name, double score, String unit) {
        return "\"%s\": {\"score\": %s, \"scoreUnit\": \"%s\"}".formatted(name, score, unit);
    }

    /** What the script prints, or says where it fails. */
    private String table(String... runs) throws IOException {
        Path file = folder.resolve("rates.json");
        Files.writeString(file, "[" + String.join(",", runs) + "]");
        return Python.run("""
                import runpy, sys
                sys.argv = sys.argv[1:]
                try:
                    runpy.run_path(sys.argv[0], run_name="__main__")
                except SystemExit as failure:
                    print(failure)
                """, SCRIPT, file);
    }
}
