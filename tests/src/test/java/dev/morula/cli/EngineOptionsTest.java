package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.SystemMemory;
import dev.morula.kernel.Workers;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class EngineOptionsTest {
    @Command(name = "anything")
    static final class AnyCommand {
        @Mixin
        private EngineOptions engine;
    }

    private static EngineOptions parse(String... arguments) {
        AnyCommand command = new AnyCommand();
        new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        return command.engine;
    }

    @Test
    void takesAllProcessorsAndMostOfTheFreeMemory() {
        EngineOptions engine = parse();
        try (Workers workers = engine.workers();
                Kernels kernels = engine.kernels()) {
            assertThat(workers.count()).isEqualTo(Runtime.getRuntime().availableProcessors());
            assertThat(kernels.tier()).isNotNull();
        }
        assertThat(engine.memoryBytes())
                .isPositive()
                .isLessThan(SystemMemory.now().totalBytes());
    }

    @Test
    void leavesForMatricesWhatTheJvmCannotTake() {
        EngineOptions engine = parse("--memory", "64G");
        assertThat(engine.memoryBytes()).isEqualTo(64L << 30);
        assertThat(engine.matrixBytes())
                .isPositive()
                .isLessThan((64L << 30) - Runtime.getRuntime().maxMemory());
    }

    @Test
    void refusesWhatCannotWork() {
        assertThatThrownBy(() -> parse("--threads", "0").workers())
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.USAGE))
                .hasMessageContaining("--threads 0");
        assertThatThrownBy(() -> parse("--memory", "1M").memoryBytes()).hasMessageContaining("--memory 1.0 MiB");
        assertThatThrownBy(() -> parse("--memory", "much")).isInstanceOf(ParameterException.class);
        assertThatThrownBy(() -> parse("--device", "tpu"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("AUTO, CPU, CUDA");
    }

    @Test
    void refusesCudaRatherThanComputeElsewhere() {
        assertThatThrownBy(() -> parse("--device", "cuda").kernels())
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                .hasMessageContaining("device cuda was asked for")
                .hasMessageContaining("--device cpu");
    }
}
