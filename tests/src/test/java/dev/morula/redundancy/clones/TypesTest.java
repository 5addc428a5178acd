package dev.morula.redundancy.clones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.MorulaException;
import dev.morula.cluster.Clustering;
import dev.morula.cluster.CoverClustering;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Types and clones of layers in which they were planted. */
class TypesTest {
    private static final int TYPES = 40;
    private static final int CLONES = 6;
    private static final int SAMPLES = 2000;

    private static Kernels kernels;
    private static Workers workers;

    @BeforeAll
    static void open() {
        kernels = Kernels.cpu();
        workers = new Workers(2);
    }

    @AfterAll
    static void close() {
        workers.close();
        kernels.close();
    }

    /** The type of each neuron, -1 for none. */
    private static int[] labels(Types types, int neurons) {
        int[] labels = new int[neurons];
        Arrays.fill(labels, -1);
        for (int type = 0; type < types.count(); type++) {
            for (int neuron : types.members()[type]) {
                labels[neuron] = type;
            }
        }
        return labels;
    }

    private static double agreement(PlantedLayer planted, Types found) {
        return AdjustedRandIndex.of(labels(found, planted.types().length), planted.types());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cover", "components", "average"})
    void plantedTypesAndClonesAreFound(String method) {
        PlantedLayer planted = PlantedLayer.of(TYPES, CLONES, 10, SAMPLES, 1);
        Types types = planted.find(Clustering.named(method), 0.8, kernels, workers);
        assertThat(agreement(planted, types)).isGreaterThanOrEqualTo(0.99);
        assertThat(types.count()).isEqualTo(TYPES);
        assertThat(types.clones()).isEqualTo(CLONES);
        Dealing dealing = Dealing.of(types, types.clones(), 3);
        assertThat(dealing.clones()).hasNumberOfRows(CLONES);
        for (int[] clone :
                dealing.clones()) { // members of a type can stand for each other, so this is all there is to it
            assertThat(IntStream.of(clone).map(neuron -> planted.types()[neuron]))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, TYPES).boxed().toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cover", "components", "average"})
    void moreNoiseBlursThemByDegrees(String method) {
        double before = 1;
        for (double ratio : new double[] {10, 4, 2, 1}) {
            PlantedLayer planted = PlantedLayer.of(TYPES, CLONES, ratio, SAMPLES, 2);
            double agreement = agreement(planted, planted.find(Clustering.named(method), 0.8, kernels, workers));
            assertThat(agreement).isBetween(0.0, before);
            before = agreement;
        }
        assertThat(before).isZero(); // correlations of 0.5 are no edges at 0.8
    }

    @Test
    void aLowerThresholdSeesThroughMoreNoise() {
        PlantedLayer planted = PlantedLayer.of(TYPES, CLONES, 1, SAMPLES, 2);
        assertThat(agreement(planted, planted.find(new CoverClustering(), 0.3, kernels, workers)))
                .isGreaterThanOrEqualTo(0.99);
    }

    @Test
    void aLayerWithoutStructureHasNoTypesOfMoreThanOneNeuron() {
        PlantedLayer planted = PlantedLayer.of(200, 1, 10, SAMPLES, 3);
        Types types = planted.find(new CoverClustering(), 0.8, kernels, workers);
        assertThat(types.count()).isEqualTo(200);
        assertThat(types.shared()).isZero();
        assertThat(types.clones()).isEqualTo(1);
    }

    @Test
    void deadNeuronsAreOfNoType() {
        PlantedLayer planted = PlantedLayer.of(new int[] {3, 3, 2, 1}, 5, 10, SAMPLES, 4);
        Types types = planted.find(new CoverClustering(), 0.8, kernels, workers);
        assertThat(types.sizes()).containsExactly(3, 3, 2, 1);
        assertThat(types.neurons()).isEqualTo(9);
        assertThat(agreement(planted, types)).isCloseTo(1, within(1e-12));
        assertThat(types.clones()).isEqualTo(2);
        PlantedLayer dead = PlantedLayer.of(new int[0], 4, 10, 10, 4);
        Types none = dead.find(new CoverClustering(), 0.8, kernels, workers);
        assertThat(none.count()).isZero();
        assertThat(none.clones()).isZero();
        assertThatThrownBy(() -> Dealing.of(none, 2, 1))
                .isInstanceOf(MorulaException.class)
                .hasMessage(
                        "2 clones: there must be at least 2, and no more than the 0 neurons that have a correlation");
    }

    /** Types of random sizes over the neurons 0, 2, 4, ...: the others have none. */
    private static Types random(int count, int largest, long seed) {
        Random random = new Random(seed);
        List<Integer> sizes = new ArrayList<>();
        for (int type = 0; type < count; type++) {
            sizes.add(1 + random.nextInt(largest));
        }
        sizes.sort(Collections.reverseOrder());
        int[][] members = new int[count][];
        int neuron = 0;
        for (int type = 0; type < count; type++) {
            members[type] = new int[sizes.get(type)];
            for (int k = 0; k < members[type].length; k++) {
                members[type][k] = neuron;
                neuron += 2;
            }
        }
        return new Types(members, new int[count]);
    }

    @Property(tries = 200)
    void everyTypeIsSpreadAsEvenlyAsCanBe(
            @ForAll @IntRange(min = 2, max = 40) int count,
            @ForAll @IntRange(min = 1, max = 12) int largest,
            @ForAll @IntRange(min = 2, max = 9) int clones,
            @ForAll long seed) {
        Types types = random(count, largest, seed);
        if (types.neurons() < clones) {
            return;
        }
        Dealing dealing = Dealing.of(types, clones, seed);
        List<Integer> dealt = Arrays.stream(dealing.clones())
                .flatMapToInt(Arrays::stream)
                .boxed()
                .toList();
        assertThat(dealt).doesNotHaveDuplicates().hasSize(types.neurons());
        int[] sizes =
                Arrays.stream(dealing.clones()).mapToInt(clone -> clone.length).toArray();
        assertThat(IntStream.of(sizes).max().orElseThrow()
                        - IntStream.of(sizes).min().orElseThrow())
                .isLessThanOrEqualTo(1);
        for (int[] members : types.members()) {
            for (int[] clone : dealing.clones()) {
                long shared = IntStream.of(members)
                        .filter(neuron -> Arrays.binarySearch(clone, neuron) >= 0)
                        .count();
                assertThat(shared).isBetween((long) members.length / clones, (members.length + clones - 1L) / clones);
            }
        }
        double covered = Arrays.stream(dealing.covered(types)).average().orElseThrow();
        double slots =
                IntStream.of(types.sizes()).map(size -> Math.min(size, clones)).sum();
        assertThat(covered).isCloseTo(slots / clones / count, within(1e-12));
        int[][] others = Dealing.random(types, clones, seed, 1).clones();
        assertThat(Arrays.stream(others).mapToInt(clone -> clone.length)).containsExactly(boxed(sizes));
        assertThat(Arrays.stream(others).flatMapToInt(Arrays::stream).boxed())
                .containsExactlyInAnyOrderElementsOf(dealt);
    }

    private static Integer[] boxed(int[] values) {
        return IntStream.of(values).boxed().toArray(Integer[]::new);
    }

    @Test
    void aDealDependsOnTheSeedAlone() {
        Types types = random(30, 8, 5);
        assertThat(Dealing.of(types, 4, 7).clones())
                .isDeepEqualTo(Dealing.of(types, 4, 7).clones());
        assertThat(Arrays.deepEquals(
                        Dealing.of(types, 4, 7).clones(),
                        Dealing.of(types, 4, 8).clones()))
                .isFalse();
        assertThat(Arrays.deepEquals(
                        Dealing.random(types, 4, 7, 0).clones(),
                        Dealing.random(types, 4, 7, 1).clones()))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 1000})
    void clonesAreAtLeastTwoAndNoMoreThanNeurons(int clones) {
        assertThatThrownBy(() -> Dealing.of(random(30, 8, 5), clones, 7))
                .isInstanceOf(MorulaException.class)
                .hasMessageContaining("there must be at least 2, and no more than");
    }
}
