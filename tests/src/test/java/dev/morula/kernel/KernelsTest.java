package dev.morula.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Opening kernels of a tier, and closing them. */
class KernelsTest {
    @Test
    void refuseUseAfterClose() {
        Kernels kernels = Kernels.cpu();
        kernels.close();
        kernels.close();
        assertThatThrownBy(kernels::tier)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("these kernels were closed");
        try (Matrix matrix = Matrix.of(new float[2][2])) {
            assertThatThrownBy(() -> kernels.product(matrix, matrix, matrix)).isInstanceOf(IllegalStateException.class);
        } // closing would wait for ever, were the matrix still held
    }

    @Test
    void haveTheTierThatWasAskedFor() {
        for (Tier tier : Tiers.available()) {
            try (Kernels kernels = Kernels.cpu(tier)) {
                assertThat(kernels.tier()).isEqualTo(tier);
            }
        }
    }

    @Test
    void refuseATierThatTheMachineLacks() {
        assumeTrue(hardware() != Tier.AMX, "this machine has every tier");
        Tier lacking = Tier.values()[hardware().ordinal() + 1];
        assertThatThrownBy(() -> Kernels.cpu(lacking))
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                .hasMessageContaining("the " + lacking + " tier was asked for, but this machine allows ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"portable", "avx2", ""})
    void morulaTierCapsTheTier(String cap) throws IOException {
        Tier hardware = hardware();
        Tier asked = cap.isEmpty() ? Tier.AMX : Tier.valueOf(cap.toUpperCase(Locale.ROOT));
        Tier best = asked.compareTo(hardware) < 0 ? asked : hardware;
        List<String> expected = new ArrayList<>(List.of(best.toString()));
        for (Tier tier : Tier.values()) {
            String refuser = tier.compareTo(hardware) > 0 ? "this machine" : "MORULA_TIER";
            String refusal =
                    "UNAVAILABLE: the " + tier + " tier was asked for, but " + refuser + " allows " + best + " at most";
            expected.add(tier.compareTo(best) <= 0 ? tier.toString() : refusal);
        }
        assertThat(TierProbe.run(cap)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sse", "AVX2"})
    void anUnknownMorulaTierIsAnErrorThatNamesTheChoices(String name) throws IOException {
        assertThat(TierProbe.run(name))
                .hasSize(1 + Tier.values().length)
                .containsOnly("UNAVAILABLE: MORULA_TIER is \"" + name + "\": it must be portable, avx2, avx512 or amx");
    }

    private static Tier hardware() {
        Natives.require();
        return Tier.values()[MorulaLibrary.morula_hardware_tier()];
    }
}
