package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.MorulaException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    private static final double EXACT = 1e-15;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "constant",
                "constant,warm-up=3",
                "cosine",
                "cosine,min=1.0E-4,warm-up=5",
                "steps:12/20/40,factor=0.2",
                "steps:7,factor=0.1,warm-up=1",
                "exponential:0.95",
                "exponential:0.95,warm-up=2"
            })
    void writesWhatItReads(String text) {
        assertThat(Schedule.parse(text)).hasToString(text);
    }

    @Test
    void readsItsForms() {
        assertThat(Schedule.parse("constant")).isEqualTo(Schedule.CONSTANT);
        assertThat(Schedule.parse("cosine")).isEqualTo(Schedule.COSINE);
        assertThat(Schedule.parse("cosine,warm-up=5,min=1e-4")).isEqualTo(new Schedule(new Schedule.Cosine(1e-4), 5));
        assertThat(Schedule.parse("steps:12/20/40,factor=0.2"))
                .isEqualTo(new Schedule(new Schedule.Steps(List.of(12, 20, 40), 0.2), 0));
        assertThat(Schedule.parse("exponential:0.95")).isEqualTo(new Schedule(new Schedule.Exponential(0.95), 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "linear|\"linear\" is not known; it must look like constant, cosine,",
                "''|\"\" is not known",
                "cosine:2|\"cosine:2\" is not known",
                "steps|\"steps\" is not known",
                "exponential|\"exponential\" is not known",
                "cosine,factor=0.2|\"factor\" is not known here; the options are min=, warm-up=",
                "constant,min=0|\"min\" is not known here; the options are warm-up=",
                "cosine,min=2|min is 2.0, but must be from 0 to 1",
                "cosine,min=-1|min is -1.0, but must be from 0 to 1",
                "cosine,min=NaN|min is NaN",
                "cosine,warm-up=-1|warm-up is -1, but must be at least 0",
                "cosine,warm-up=1.5|\"warm-up=1.5\" is not a whole number",
                "cosine,warm-up=1,warm-up=2|warm-up is given twice",
                "steps:12/20|factor is missing",
                "steps:,factor=0.1|\"\" is not a whole number",
                "steps:12/x,factor=0.1|\"x\" is not a whole number",
                "steps:12/12,factor=0.1|a step after epoch 12 follows 12, but epochs must rise from 1 on",
                "steps:0,factor=0.1|a step after epoch 0 follows 0, but epochs must rise from 1 on",
                "steps:12,factor=0|factor is 0.0, but must be above 0 and at most 1",
                "exponential:fast|\"fast\" is not a number",
                "exponential:1.1|factor is 1.1, but must be above 0 and at most 1"
            })
    void refusesOtherForms(String text, String reason) {
        assertThatThrownBy(() -> Schedule.parse(text))
                .isInstanceOf(MorulaException.class)
                .hasMessageContaining(reason);
    }

    /** Factors of the first epochs of five, and of one far beyond. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "constant|1 1 1 1 1|1",
                "constant,warm-up=3|0.25 0.5 0.75 1 1|1",
                "steps:1/3,factor=0.5|1 0.5 0.5 0.25 0.25|0.25",
                "steps:3,factor=0.5,warm-up=1|0.5 1 1 0.5 0.5|0.5",
                "exponential:0.5|1 0.5 0.25 0.125 0.0625|0.0625",
                "exponential:0.5,warm-up=2|0.333333333333333333 0.666666666666666666 1 0.5 0.25|0.25",
                "constant,warm-up=7|0.125 0.25 0.375 0.5 0.625|0.625"
            })
    void multipliesTheRate(String text, String factors, double beyond) {
        Schedule schedule = Schedule.parse(text);
        double[] expected = List.of(factors.split(" ")).stream()
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertThat(factors(schedule, 5)).containsExactly(expected, within(EXACT));
        assertThat(schedule.factor(99, 5)).isCloseTo(beyond, within(EXACT));
    }

    @Test
    void aCosineFallsFromFullToItsMinimum() {
        double[] plain = factors(Schedule.COSINE, 4);
        double halfRoot = Math.sqrt(0.5) / 2;
        assertThat(plain).containsExactly(new double[] {1, 0.5 + halfRoot, 0.5, 0.5 - halfRoot}, within(EXACT));
        assertThat(Schedule.COSINE.factor(9, 4)).isPositive().isEqualTo(plain[3]);
        double[] raised = factors(Schedule.parse("cosine,min=0.2"), 4);
        for (int epoch = 0; epoch < 4; epoch++) {
            assertThat(raised[epoch]).isCloseTo(0.2 + 0.8 * plain[epoch], within(EXACT));
        }
        double[] warmed = factors(Schedule.parse("cosine,warm-up=2"), 6);
        assertThat(warmed)
                .containsExactly(
                        new double[] {1 / 3.0, 2 / 3.0, plain[0], plain[1], plain[2], plain[3]}, within(EXACT));
    }

    private static double[] factors(Schedule schedule, int epochs) {
        return IntStream.rangeClosed(1, epochs)
                .mapToDouble(epoch -> schedule.factor(epoch, epochs))
                .toArray();
    }
}
