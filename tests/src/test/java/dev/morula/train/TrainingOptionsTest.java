package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TrainingOptionsTest {
    @Test
    void boundsTheEpochsPastTheSchedule() {
        assertThat(TrainingOptions.builder().epochs(15).build().maxEpochs()).isEqualTo(50);
        TrainingOptions.Builder fewer = TrainingOptions.builder().epochs(15).maxEpochs(14);
        assertThatThrownBy(fewer::build).hasMessage("max-epochs is 14, but the schedule alone has 15");
        assertThatThrownBy(TrainingOptions.builder().batch(0)::build).hasMessage("batch is 0, but must be at least 1");
    }
}
