package dev.morula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.RandomNumbers.Stream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomNumbersTest {
    private static final int DRAWS = 100_000;

    @Test
    void streamsDependOnEveryPartOfTheirPathAndOnNothingElse() {
        Set<Double> first = new HashSet<>();
        for (long seed = -2; seed <= 2; seed++) {
            for (Stream stream : Stream.values()) {
                first.add(RandomNumbers.of(seed, stream).nextFineUnit());
                for (long part = 0; part < 10; part++) {
                    double number = RandomNumbers.of(seed, stream, part).nextFineUnit();
                    assertThat(first.add(number)).isTrue();
                    assertThat(RandomNumbers.of(seed, stream, part).nextFineUnit())
                            .isEqualTo(number);
                }
            }
        }
        assertThat(first).hasSize(5 * Stream.values().length * 11);
    }

    /** Old seeds must give what they gave, so these are written down. */
    @Test
    void staysAsItIs() {
        RandomNumbers random = RandomNumbers.of(1, Stream.ORDER, 2);
        assertThat(random.permutation(7)).containsExactly(3, 6, 2, 4, 0, 5, 1);
        assertThat(random.nextBelow(1000)).isEqualTo(565);
        assertThat(random.nextNormal()).isEqualTo(-0.5565818305638762);
    }

    @Test
    void normalNumbersHaveTheirMoments() {
        RandomNumbers random = RandomNumbers.of(3, Stream.TEACHER);
        double[] numbers = new double[DRAWS];
        Arrays.setAll(numbers, k -> random.nextNormal());
        for (int power = 1; power <= 4; power++) {
            int exponent = power;
            double mean = Arrays.stream(numbers).map(x -> Math.pow(x, exponent)).sum() / DRAWS;
            double expected = new double[] {0, 1, 0, 3}[power - 1];
            double deviation = Math.sqrt(new double[] {1, 2, 15, 96}[power - 1] / DRAWS);
            assertThat(mean).as("power %d", power).isCloseTo(expected, within(5 * deviation));
        }
    }

    @Test
    void aPermutationHasEveryNumberOnce() {
        int[] order = RandomNumbers.of(1, Stream.SUBSET).permutation(101);
        assertThat(order).doesNotHaveDuplicates().hasSize(101);
        assertThat(Arrays.stream(order).max()).hasValue(100);
    }
}
