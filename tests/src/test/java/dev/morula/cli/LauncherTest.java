package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripts, in a source tree whose mvnw only notes that it ran and "builds" a program that prints its arguments. */
class LauncherTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final Path SCRIPTS = Path.of("java/cli/src/main/distribution/bin");
    private static final String MVNW = """
            #!/bin/bash
            cd "${0%/*}"
            echo "$@" >>builds
            sleep "${BUILD_SECONDS:-0}"
            [[ -z ${BUILD_FAILS:-} ]] || { echo "no such symbol"; exit 1; }
            mkdir -p java/cli/target/morula/bin
            printf '#!/bin/bash\\necho "ran $*"\\nexit 6\\n' >java/cli/target/morula/bin/morula
            chmod +x java/cli/target/morula/bin/morula
            """;

    @TempDir
    private Path root;

    private record Result(int exitCode, String output) {}

    @BeforeEach
    void makeSourceTree() throws IOException {
        for (String folder : List.of(SCRIPTS.toString(), ".mvn", "native", "cmake", "jre/bin", "bin")) {
            Files.createDirectories(root.resolve(folder));
        }
        Files.copy(REPOSITORY.resolve("morula"), root.resolve("morula"));
        Files.copy(
                REPOSITORY.resolve(SCRIPTS).resolve("find-java.sh"),
                root.resolve(SCRIPTS).resolve("find-java.sh"));
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        script("mvnw", MVNW);
    }

    private void script(String name, String text) throws IOException {
        assertThat(Files.writeString(root.resolve(name), text).toFile().setExecutable(true))
                .isTrue();
    }

    private Result launch(Map<String, String> environment, Object... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(
                            Arrays.stream(command).map(Object::toString).toList())
                    .redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes());
            return new Result(process.waitFor(), output);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Result morula(Map<String, String> environment, String... arguments) {
        Object[] command = new Object[arguments.length + 1];
        command[0] = root.resolve("morula");
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return launch(environment, command);
    }

    private long builds() throws IOException {
        return Files.exists(root.resolve("builds"))
                ? Files.lines(root.resolve("builds")).count()
                : 0;
    }

    @Test
    void buildsOnFirstUseAndAgainOnlyWhenSourcesChange() throws IOException {
        assertThat(morula(Map.of(), "doctor", "--json").output())
                .contains("building Morula")
                .contains("ran doctor --json");
        assertThat(morula(Map.of(), "a b")).isEqualTo(new Result(6, "ran a b\n"));
        assertThat(builds()).isEqualTo(1);
        Files.writeString(root.resolve("native/new.cpp"), "");
        morula(Map.of());
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void aFailedBuildShowsItsLogAndNeverCounts() throws IOException {
        Result failed = morula(Map.of("BUILD_FAILS", "1"), "doctor");
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.output()).contains("no such symbol", "build.log").doesNotContain("ran");
        assertThat(morula(Map.of(), "doctor").output()).contains("ran doctor");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void twoLaunchesAtOnceBuildOnce() throws IOException {
        Map<String, String> slowly = Map.of("BUILD_SECONDS", "1");
        CompletableFuture<Result> other = CompletableFuture.supplyAsync(() -> morula(slowly, "other"));
        assertThat(morula(slowly, "this").output()).contains("ran this");
        assertThat(other.join().output()).contains("ran other");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void testRunsVerifyWithTheGivenArguments() throws IOException {
        assertThat(morula(Map.of(), "test", "-Dtest=X").exitCode()).isZero();
        assertThat(Files.readString(root.resolve("builds"))).isEqualTo("verify -Dtest=X\n");
        assertThat(morula(Map.of(), "doctor")).isEqualTo(new Result(6, "ran doctor\n"));
    }

    @Test
    void namesMissingToolsAndTheCommandThatInstallsThem() throws IOException {
        for (String tool : List.of("dirname", "find", "sort", "readlink", "flock", "rm", "mkdir")) {
            script("bin/" + tool, "#!/bin/sh\nPATH=/usr/bin:/bin exec " + tool + " \"$@\"\n");
        }
        script("bin/make", "");
        Map<String, String> bare = Map.of("PATH", root.resolve("bin").toString(), "MORULA_INSTALL", "0");
        Result result = morula(bare, "doctor");
        assertThat(result.exitCode()).isEqualTo(5);
        assertThat(result.output())
                .contains("missing: CMake 3.22", "missing: a C++17 compiler", "missing: Maven 3.8")
                .contains("apt-get install -y --no-install-recommends")
                .contains("g++ cmake maven")
                .doesNotContain("missing: make");
        assertThat(builds()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"11.0.2, is Java 11", "1.8.0_392, is Java 8", "17.0.1, is a JRE: it has no javac"})
    void anOldJavaAndAJreAreRefusedWithAReason(String version, String reason) throws IOException {
        script("jre/bin/java", "");
        Files.writeString(root.resolve("jre/release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        String check = ". " + root.resolve(SCRIPTS).resolve("find-java.sh") + "; java_is_usable " + root.resolve("jre")
                + " javac; echo \"$? ${java_refused[*]}\"";
        assertThat(launch(Map.of(), "bash", "-c", check).output())
                .isEqualTo("1 " + root.resolve("jre") + " " + reason + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "8G, -Xmx1024m",
        "256M, -Xmx128m",
        "64g, -Xmx2048m",
        "1073741824, -Xmx128m",
        "2097152K, -Xmx256m",
        "much, -cp"
    })
    void theHeapIsAnEighthOfTheMemoryBound(String memory, String flag) throws IOException {
        script("jre/bin/java", "#!/bin/bash\necho \"$@\"\n");
        Files.writeString(root.resolve("jre/release"), "JAVA_VERSION=\"17.0.1\"\n");
        Map<String, String> environment =
                Map.of("JAVA_HOME", root.resolve("jre").toString(), "PATH", "");
        Path program = REPOSITORY.resolve(SCRIPTS).resolve("morula").toAbsolutePath();
        assertThat(launch(environment, program, "correlate", "--memory", memory).output())
                .contains("java.flags -XX:TieredStopAtLevel=1 " + flag);
        assertThat(launch(environment, program, "correlate", "--memory=" + memory)
                        .output())
                .contains("java.flags -XX:TieredStopAtLevel=1 " + flag);
    }
}
