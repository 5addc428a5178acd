package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerTest {
    @Test
    void readsItsForms() {
        assertThat(Optimizer.parse("sgd,lr=0.05,momentum=0.9,weight-decay=5e-4"))
                .isEqualTo(new Sgd(0.05, 0.9, 5e-4));
        assertThat(Optimizer.parse("sgd,lr=1")).isEqualTo(new Sgd(1, 0, 0));
        assertThat(Optimizer.parse("sgd,lr=1,momentum=0.5,nesterov")).isEqualTo(new Sgd(1, 0.5, 0, true));
        assertThat(Optimizer.parse("adam,lr=1e-3")).isEqualTo(new Adam(1e-3, 0.9, 0.999, 1e-8, 0, false));
        assertThat(Optimizer.parse("adamw,lr=1e-3")).isEqualTo(new Adam(1e-3, 0.9, 0.999, 1e-8, 0.01, true));
        assertThat(Optimizer.parse("adam,lr=1,beta1=0.5,beta2=0.25,eps=0.1,weight-decay=2"))
                .isEqualTo(new Adam(1, 0.5, 0.25, 0.1, 2, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sgd,lr=0.05,momentum=0.9,weight-decay=5.0E-4",
                "sgd,lr=0.05,momentum=0.9,weight-decay=0.0,nesterov",
                "adam,lr=0.001,beta1=0.9,beta2=0.999,eps=1.0E-8,weight-decay=0.0",
                "adamw,lr=0.001,beta1=0.9,beta2=0.999,eps=1.0E-8,weight-decay=0.01"
            })
    void writesWhatItReads(String text) {
        assertThat(Optimizer.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rmsprop,lr=1|\"rmsprop\" is not known; it must look like sgd,lr=0.05",
                "sgd:1,lr=1|\"sgd:1\" is not known",
                "sgd|lr is missing; it must look like sgd,lr=0.05",
                "sgd,lr=0.1,nesterov=1|\"nesterov=1\": nesterov takes no value",
                "sgd,lr=0.1,beta1=1|\"beta1\" is not known here; the options are lr=, momentum=, weight-decay=, nesterov; it",
                "sgd,lr=0.1,nesterov|nesterov needs momentum above 0",
                "sgd,lr=0.1,|\"\" is not known",
                "sgd,lr|\"lr\": lr takes a value",
                "sgd,lr=fast|\"lr=fast\" is not a number",
                "sgd,lr=1,lr=2|lr is given twice",
                "sgd,lr=0|lr is 0.0, but must be above 0",
                "sgd,lr=NaN|lr is NaN",
                "sgd,lr=Infinity|lr is Infinity",
                "sgd,lr=1,momentum=1|momentum is 1.0, but must be from 0 to below 1",
                "sgd,lr=1,weight-decay=-1|weight-decay is -1.0, but must be 0 or more",
                "adam|lr is missing",
                "adam,lr=-1|lr is -1.0, but must be above 0",
                "adam,lr=1,momentum=0.9|the options are lr=, beta1=, beta2=, eps=, weight-decay=;",
                "adam,lr=1,beta1=1|beta1 is 1.0, but must be from 0 to below 1",
                "adam,lr=1,beta2=-1|beta2 is -1.0, but must be from 0 to below 1",
                "adamw,lr=1,eps=0|eps is 0.0, but must be above 0",
                "adamw,lr=1,weight-decay=NaN|weight-decay is NaN, but must be 0 or more"
            })
    void refusesOtherForms(String text, String reason) {
        assertThatThrownBy(() -> Optimizer.parse(text))
                .isInstanceOf(MorulaException.class)
                .hasMessageContaining(reason);
    }
}
