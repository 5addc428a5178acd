package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.MorulaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingOptionsTest {
    @Test
    void readsAnOptimizer() {
        Sgd sgd = Sgd.parse("sgd,lr=0.05,momentum=0.9,weight-decay=5e-4");
        assertThat(sgd).isEqualTo(new Sgd(0.05, 0.9, 5e-4));
        assertThat(Sgd.parse(sgd.toString())).isEqualTo(sgd);
        assertThat(Sgd.parse("sgd,lr=1")).isEqualTo(new Sgd(1, 0, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "adam,lr=1|\"adam\" is not known",
                "sgd|lr is missing",
                "sgd,lr=0.1,nesterov=1|\"nesterov\" is not known; sgd has lr, momentum and weight-decay",
                "sgd,lr=0.1,|\"\" is not known",
                "sgd,lr|\"lr\" is not a number",
                "sgd,lr=fast|\"lr=fast\" is not a number",
                "sgd,lr=1,lr=2|lr is given twice",
                "sgd,lr=0|lr is 0.0, but must be above 0",
                "sgd,lr=NaN|lr is NaN",
                "sgd,lr=Infinity|lr is Infinity",
                "sgd,lr=1,momentum=1|momentum is 1.0, but must be from 0 to below 1",
                "sgd,lr=1,weight-decay=-1|weight-decay is -1.0, but must be 0 or more"
            })
    void refusesOtherOptimizers(String spec, String reason) {
        assertThatThrownBy(() -> Sgd.parse(spec))
                .isInstanceOf(MorulaException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void schedulesFallAsTheyShould() {
        assertThat(Schedule.parse("constant").factor(3, 4)).isEqualTo(1);
        Schedule cosine = Schedule.parse("cosine");
        assertThat(cosine.factor(1, 4)).isEqualTo(1);
        assertThat(cosine.factor(3, 4)).isCloseTo(0.5, within(1e-15));
        assertThat(cosine.factor(4, 4)).isPositive().isEqualTo(cosine.factor(9, 4));
        assertThatThrownBy(() -> Schedule.parse("linear"))
                .hasMessage("schedule \"linear\": it must be cosine or constant");
    }

    @Test
    void boundsTheEpochsPastTheSchedule() {
        assertThat(TrainingOptions.builder().epochs(15).build().maxEpochs()).isEqualTo(50);
        TrainingOptions.Builder fewer = TrainingOptions.builder().epochs(15).maxEpochs(14);
        assertThatThrownBy(fewer::build).hasMessage("max-epochs is 14, but the schedule alone has 15");
        assertThatThrownBy(TrainingOptions.builder().batch(0)::build).hasMessage("batch is 0, but must be at least 1");
    }
}
