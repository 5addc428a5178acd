package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.Version;
import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void printsItsVersion() {
        Run run = Run.of("--version");
        assertThat(run).isEqualTo(new Run(0, "morula " + Version.current() + System.lineSeparator(), ""));
        assertThat(Version.current()).matches("[0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?");
    }

    @Test
    void helpsOnStandardOutput() {
        assertThat(Run.of("--help").out()).contains("doctor", "Exit codes", "MORULA_DEBUG");
        assertThat(Run.of("doctor", "--help").out()).contains("--json");
    }

    @Test
    void refusesAnUnknownOptionInOneLine() {
        Run run = Run.of("doctor", "--jsno");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("morula: Unknown option: '--jsno'; did you mean --json");
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void refusesAnUnknownCommandWithASuggestion() {
        Run run = Run.of("docter");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("'docter'", "did you mean").contains("doctor");
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void wantsACommand() {
        Run run = Run.of();
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("morula: a command is missing; see morula --help" + System.lineSeparator());
    }
}
