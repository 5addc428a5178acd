package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.kernel.Stage;
import dev.morula.kernel.Stage.Unit;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
    private static final Stage TRAIN = new Stage("train", Unit.IMAGES);
    private static final Stage CORRELATE = new Stage("correlate", Unit.PAIRS);
    private static final Stage READ = new Stage("read", Unit.BYTES);

    private final StringWriter err = new StringWriter();
    private double seconds = 1000;

    private ProgressLines lines() {
        return new ProgressLines(new PrintWriter(err), () -> Math.round(seconds * 1e9));
    }

    @Test
    void writesALineWhenAStageBeginsAndEndsAndEveryFewSecondsBetween() {
        try (ProgressDisplay progress = lines()) {
            for (int step = 0; step <= 8; step++, seconds++) {
                progress.report(TRAIN, 100 * step, 800);
            }
            progress.report(CORRELATE, 0, 0);
        }
        assertThat(err.toString().lines())
                .containsExactly(
                        "train 0 %",
                        "train 37 %, 100 images/s, 5 s left",
                        "train 75 %, 100 images/s, 2 s left",
                        "train 100 %, 100 images/s, took 8 s",
                        "correlate 100 %");
    }

    @Test
    void writesNoMoreThanALineEveryThreeSecondsHoweverOftenItIsTold() {
        try (ProgressDisplay progress = lines()) {
            for (int part = 0; part < 10_000; part++, seconds += 0.001) {
                progress.report(CORRELATE, part, 10_000);
            }
        }
        assertThat(err.toString().lines()).hasSize(4); // at 0, 3, 6 and 9 seconds
    }

    @Test
    void aStageThatGoesOnAfterItsEndDoesNotEndAgainWithEveryReport() {
        try (ProgressDisplay progress = lines()) {
            for (int epoch = 1; epoch <= 10; epoch++, seconds += 0.5) {
                progress.report(TRAIN, 60_000L * epoch, 60_000L * epoch);
            }
        }
        assertThat(err.toString().lines()).containsExactly("train 100 %", "train 100 %, 120,000 images/s");
    }

    @Test
    void theTimeLeftFollowsTheRateOfLateAndTheEndTellsTheMean() {
        try (ProgressDisplay progress = lines()) {
            progress.report(READ, 0, 400_000_000_000L);
            long cached = read(progress, 0, 10, 10_000_000_000L);
            read(progress, cached, 300, 1_000_000_000L);
        }
        assertThat(err.toString().lines())
                .startsWith("read 0 %", "read 7 %, 10 GB/s, 37 s left")
                .contains("read 25 %, 8.0 GB/s, 37 s left") // soon after the change
                .contains("read 50 %, 1.0 GB/s, 3 min 17 s left")
                .endsWith("read 100 %, 1.3 GB/s, took 5 min 10 s");
    }

    /** Goes on at {@code rate} bytes a second for {@code duration} seconds, with a report every second. */
    private long read(ProgressDisplay progress, long done, int duration, long rate) {
        for (int second = 1; second <= duration; second++) {
            seconds++;
            progress.report(READ, done + second * rate, 400_000_000_000L);
        }
        return done + duration * rate;
    }

    @Test
    void ratesAndTimesReadWell() {
        assertThat(Quantities.rate(1.234e9, Unit.PAIRS)).isEqualTo("1.2e9 pairs/s");
        assertThat(Quantities.rate(1.2e12, Unit.PAIRS)).isEqualTo("1.2e12 pairs/s");
        assertThat(Quantities.rate(8200, Unit.NEURONS)).isEqualTo("8,200 neurons/s");
        assertThat(Quantities.rate(0.25, Unit.IMAGES)).isEqualTo("0.3 images/s");
        assertThat(Quantities.rate(999.7e6, Unit.BYTES)).isEqualTo("1.0 GB/s");
        assertThat(Quantities.rate(12.4e9, Unit.BYTES)).isEqualTo("12 GB/s");
        assertThat(Quantities.rate(12, Unit.BYTES)).isEqualTo("12 B/s");
        assertThat(Quantities.time(0.4)).isEqualTo("under 1 s");
        assertThat(Quantities.time(59.6)).isEqualTo("1 min 0 s");
        assertThat(Quantities.time(7859)).isEqualTo("2 h 10 min");
    }

    @Test
    void drawsOneBarAStage() {
        try (ProgressDisplay progress = new ProgressBars(new PrintWriter(err))) {
            progress.report(TRAIN, 8, 8);
            progress.report(CORRELATE, 1_000_000_000_000L, 2_000_000_000_000L); // left unfinished: closing ends it
        }
        assertThat(err.toString().split("\n")).hasSize(2).allMatch(line -> line.startsWith("\r"));
        assertThat(err.toString()).contains("train 100%").contains("8/8 images").contains("images/s");
        assertThat(err.toString())
                .contains("correlate  50%")
                .contains("1000/2000 G pairs")
                .contains("G pairs/s");
        assertThat(err.toString().lines()).allMatch(line -> line.length() < 80);
    }
}
