package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
    private final StringWriter err = new StringWriter();

    @Test
    void writesALineWhenAStageBeginsAndEndsAndEveryFewSecondsBetween() {
        AtomicLong seconds = new AtomicLong();
        try (ProgressDisplay progress =
                new ProgressLines(new PrintWriter(err), () -> seconds.getAndIncrement() * 1_000_000_000L)) {
            for (int epoch = 1; epoch <= 8; epoch++) {
                progress.report("train", epoch, 8);
            }
            progress.report("correlate", 0, 2);
            progress.report("correlate", 2, 2);
        }
        assertThat(err.toString().lines())
                .containsExactly(
                        "train 12 %", "train 50 %", "train 87 %", "train 100 %", "correlate 0 %", "correlate 100 %");
    }

    @Test
    void drawsOneBarAStage() {
        try (ProgressDisplay progress = new ProgressBars(new PrintWriter(err))) {
            progress.report("train", 8, 8);
            progress.report("correlate", 1, 2); // left unfinished: closing ends it
        }
        assertThat(err.toString().split("\n")).hasSize(2).allMatch(line -> line.startsWith("\r"));
        assertThat(err.toString()).contains("train 100%").contains("correlate  50%");
        assertThat(err.toString().lines()).allMatch(line -> line.length() < 80);
    }
}
