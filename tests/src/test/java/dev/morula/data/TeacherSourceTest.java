package dev.morula.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TeacherSourceTest {
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "10, 32, 1", "3, 7, -5", "100, 2, 9"})
    void labelsAreTheDefinition(int inputs, int hidden, long seed) {
        TeacherSource source = new TeacherSource(inputs, hidden, 500, 20, seed);
        TeacherSource.Network teacher = TeacherSource.Network.of(source);
        DataSet train = source.load(Split.TRAIN);
        for (int sample = 0; sample < train.count(); sample++) {
            double[] x = DataSets.numbers(train, sample);
            double output = 0;
            for (int j = 0; j < hidden; j++) {
                double[] w = teacher.weight()[j];
                double product = 0;
                double norm = 0;
                for (int k = 0; k < inputs; k++) {
                    product += w[k] * x[k];
                    norm = Math.hypot(norm, w[k]);
                }
                output += teacher.readOut()[j] * (Math.max(product, 0) - norm / Math.sqrt(2 * Math.PI));
            }
            assertThat(train.labels()[sample]).isEqualTo(output > 0 ? 1 : 0);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void bothClassesAreFrequentAndFeaturesAreStandardNormal(long seed) {
        DataSet train = DataSource.parse("teacher:seed=" + seed).load(Split.TRAIN);
        assertThat(train.count()).isEqualTo(10_000);
        assertThat(train.classes()).isEqualTo(2);
        assertThat(Arrays.stream(train.labels()).average().orElseThrow()).isBetween(0.25, 0.75);
        double[] sums = new double[train.shape().size()];
        double[] squares = new double[sums.length];
        for (int sample = 0; sample < train.count(); sample++) {
            double[] x = DataSets.numbers(train, sample);
            for (int k = 0; k < sums.length; k++) {
                sums[k] += x[k] / train.count();
                squares[k] += x[k] * x[k] / train.count();
            }
        }
        for (int k = 0; k < sums.length; k++) {
            assertThat(sums[k]).isCloseTo(0, within(0.05)); // five standard deviations
            assertThat(squares[k]).isCloseTo(1, within(0.071));
        }
    }

    @Test
    void aSmallerSetIsTheBeginningOfALargerOne() {
        DataSet small = DataSource.parse("teacher:train=10,seed=3").load(Split.TRAIN);
        DataSet large = DataSource.parse("teacher:train=100,seed=3,test=10").load(Split.TRAIN);
        assertThat(DataSets.numbers(large, 9)).isEqualTo(DataSets.numbers(small, 9));
        assertThat(large.first(10).labels()).isEqualTo(small.labels());
        DataSet test = DataSource.parse("teacher:train=100,seed=3,test=10").load(Split.TEST);
        assertThat(test.count()).isEqualTo(10);
        assertThat(DataSets.numbers(test, 0)).isNotEqualTo(DataSets.numbers(large, 0));
        DataSet other = DataSource.parse("teacher:train=10,seed=4").load(Split.TRAIN);
        assertThat(DataSets.numbers(other, 0)).isNotEqualTo(DataSets.numbers(small, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "teacher:d=0|d is 0, but must be at least 1",
                "teacher:m=x|data set \"teacher:m=x\": \"m=x\" is not a whole number below 2^31",
                "teacher:d=1,d=2|d is given twice",
                "teacher:n=3|\"n\" is not known here; the options are d=, m=, train=, test=, seed=; it must look like teacher:d=10,",
                "teacher:train=1000000,d=10000|1000000 samples of 10000 features are too many",
            })
    void refusesOthers(String text, String message) {
        assertThatThrownBy(() -> DataSource.parse(text)).hasMessageContaining(message);
    }
}
