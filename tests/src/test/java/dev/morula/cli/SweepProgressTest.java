package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.kernel.Progress;
import dev.morula.kernel.Stage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SweepProgressTest {
    private static final Stage TRAIN = new Stage("train", Stage.Unit.PAIRS);

    private final StringWriter lines = new StringWriter();
    private final AtomicLong seconds = new AtomicLong();
    private final List<SweepPlan.Planned> runs = SweepPlan.of(SweepArguments.parse(
                    List.of("--net", "alexnet-cifar:W", "--widths", "0.5,1", "--data", "mnist-mini", "--epochs", "4")))
            .runs();
    private final SweepProgress progress =
            new SweepProgress(new PrintWriter(lines, true), () -> seconds.get() * 1_000_000_000, runs.size(), runs);

    private String lastLine() {
        List<String> all = lines.toString().lines().toList();
        return all.get(all.size() - 1);
    }

    @Test
    void saysWhatIsTrainedAndWhatIsAnalysed() {
        progress.begin(runs.get(0));
        assertThat(lastLine()).isEqualTo("sweep: 0 of 2 runs done, training W0.5-s1");
        seconds.set(10);
        progress.begin(runs.get(1));
        assertThat(lastLine()).isEqualTo("sweep: 0 of 2 runs done, training W0.5-s1, W1-s1");
        seconds.set(11);
        progress.trained(runs.get(0));
        assertThat(lastLine()).startsWith("sweep: 0 of 2 runs done, training W1-s1, analysing W0.5-s1, ");
        progress.end(runs.get(0));
        progress.end(runs.get(1)); // which failed
        assertThat(lastLine()).isEqualTo("sweep: 2 of 2 runs done");
    }

    /** (0.25 + 1)^2 against (0.25 + 0.5)^2, widths that are factors: the wide one takes 2.78 times as long. */
    @Test
    void forecastsTheTimeLeftByWidth() {
        Progress first = progress.begin(runs.get(0));
        seconds.set(9);
        first.report(TRAIN, 4, 4);
        assertThat(lastLine()).endsWith(", 25 s left");
        progress.trained(runs.get(0));
        progress.end(runs.get(0));
        seconds.set(21);
        progress.begin(runs.get(1)).report(TRAIN, 2, 4);
        assertThat(SweepProgress.costs(runs).applyAsDouble(runs.get(1))
                        / SweepProgress.costs(runs).applyAsDouble(runs.get(0)))
                .isEqualTo(25.0 / 9);
    }
}
