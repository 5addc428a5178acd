package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
    @Test
    void saysWhatItRunsOn() {
        Run run = Run.of("doctor");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("java ", "native library ", "libmorula.so", "cpu tier ", "threads ", "OpenBLAS 0.3", "cuda ");
    }

    @Test
    void printsOneJsonObjectAndNothingElse() throws IOException {
        Run run = Run.of("doctor", "--json");
        JsonNode found = new ObjectMapper().readTree(run.out());
        assertThat(run.err()).isEmpty();
        assertThat(found.fieldNames()).toIterable().startsWith("schema", "version", "java", "fault", "library");
        assertThat(found.get("schema").intValue()).isEqualTo(1);
        assertThat(found.get("fault").isNull()).isTrue();
        assertThat(found.at("/library/path").asText()).endsWith("libmorula.so");
        assertThat(found.at("/library/hardwareTier").asText()).isIn("portable", "avx2", "avx512", "amx");
        assertThat(found.at("/memory/totalBytes").longValue()).isPositive();
        assertThat(found.at("/cuda/devices").isEmpty())
                .isEqualTo(!found.at("/cuda/absence").isNull());
    }

    @Test
    void namesWhatKeepsTheLibraryFromLoading(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        // a platform that there are no natives for, in a JVM of its own since a library is loaded once
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dorg.bytedeco.javacpp.platform=linux-arm64",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.morula.cli.Main",
                        "doctor",
                        "--json")
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor()).isEqualTo(5);
        assertThat(Files.readString(err)).startsWith("morula: the native library for linux-arm64 could not be loaded");
        assertThat(new ObjectMapper().readTree(out.toFile()).get("fault").asText())
                .contains("natives exist for linux-x86_64 only");
    }
}
