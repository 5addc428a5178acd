package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTest {
    private final StringWriter err = new StringWriter();

    private int report(Throwable failure) {
        return new Failures().report(failure, new PrintWriter(err));
    }

    @ParameterizedTest
    @CsvSource({"USAGE, 2", "INPUT, 3", "RESOURCES, 4", "UNAVAILABLE, 5", "GOAL_MISSED, 6", "INTERNAL, 1"})
    void everyKindHasItsExitCode(Kind kind, int exitCode) {
        assertThat(report(new MorulaException(kind, "a.npy: is empty"))).isEqualTo(exitCode);
        assertThat(err).hasToString("morula: a.npy: is empty" + System.lineSeparator());
    }

    @Test
    void findsTheCauseThatAUserUnderstands() {
        Exception wrapped = new IllegalStateException(new UncheckedIOException(new NoSuchFileException("a.npy")));
        assertThat(report(wrapped)).isEqualTo(3);
        assertThat(err.toString()).startsWith("morula: a.npy: no such file");
    }

    @Test
    void aFullDiskAndAFullHeapAreResources() {
        assertThat(report(new FileSystemException("a.npz", null, "No space left on device")))
                .isEqualTo(4);
        assertThat(report(new OutOfMemoryError())).isEqualTo(4);
        assertThat(err.toString()).contains("a.npz: no space left", "--memory");
    }

    @Test
    void anythingElseIsInternalAndOneLine() {
        assertThat(report(new IllegalStateException("two\nlines"))).isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).contains("internal error", "two lines", "MORULA_DEBUG=1");
    }
}
