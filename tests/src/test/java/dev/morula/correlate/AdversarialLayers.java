package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Layers made to be hard for a screen, by name; small enough for an exact oracle. */
enum AdversarialLayers {
    CLONES(ElementType.F32) {
        @Override
        double[][] make() {
            return TestLayers.withClones(TestLayers.lowRank(120, 131, 4, 0.5, 1));
        }
    },
    /** Pairs at every level from -1 to 1, and at thresholds but for 1e-9 or less. */
    PLANTED(ElementType.F64) {
        @Override
        double[][] make() {
            List<double[]> rows = new ArrayList<>();
            double[] offsets = {0, 1e-9, -1e-9, 1e-15, -1e-15};
            for (double level : new double[] {-1, -0.9, -0.3, 0, 0.3, 0.5, 0.7, 0.9, 0.99, 1}) {
                rows.addAll(Arrays.asList(TestLayers.planted(6, 149, level, offsets, rows.size())));
            }
            return rows.toArray(double[][]::new);
        }
    },
    NOISE(ElementType.F32) {
        @Override
        double[][] make() {
            return TestLayers.gaussian(130, 257, 2);
        }
    },
    /** Few directions hold nearly all, so that tails are short and differences of nearly equal numbers. */
    LOW_RANK(ElementType.F32) {
        @Override
        double[][] make() {
            return TestLayers.lowRank(130, 301, 3, 1e-3, 3);
        }
    },
    /** Neurons vary only on the last samples: none of it is in coordinates, and each second neuron is like no other. */
    ALL_IN_THE_TAIL(ElementType.F32) {
        @Override
        double[][] make() {
            double[][] layer = TestLayers.gaussian(100, 300, 4);
            for (int i = 0; i < layer.length; i++) {
                Arrays.fill(layer[i], 0, 200, 0);
                if (i % 4 == 3) {
                    layer[i] = layer[i - 2].clone(); // twins among those that directions are not taken from
                    layer[i][299] += 0.5f;
                }
            }
            return layer;
        }
    },
    /** Neurons vary only on the first samples. */
    ALL_IN_THE_HEAD(ElementType.F32) {
        @Override
        double[][] make() {
            double[][] layer = TestLayers.lowRank(100, 300, 5, 0.5, 5);
            for (double[] row : layer) {
                Arrays.fill(row, 20, 300, 1);
            }
            return layer;
        }
    },
    /** One sample decides nearly everything, in favour or against. */
    ONE_HUGE_SAMPLE(ElementType.F32) {
        @Override
        double[][] make() {
            double[][] layer = TestLayers.gaussian(100, 130, 6);
            for (int i = 0; i < layer.length; i++) {
                layer[i][77] = (i % 3 == 0 ? -1 : 1) * (i % 5 == 0 ? 1e7 : 30);
            }
            return layer;
        }
    },
    SPARSE(ElementType.F32) {
        @Override
        double[][] make() {
            Random random = new Random(7);
            double[][] layer = TestLayers.lowRank(110, 260, 4, 0.3, 7);
            for (double[] row : layer) {
                for (int k = 0; k < row.length; k++) {
                    row[k] = random.nextInt(20) == 0 ? row[k] : 0;
                }
            }
            return layer;
        }
    },
    /** Rows that differ from others on one sample, in the last bit of float32. */
    EQUAL_UP_TO_ONE_BIT(ElementType.F32) {
        @Override
        double[][] make() {
            double[][] layer = TestLayers.gaussian(90, 128, 8);
            for (int i = 30; i < layer.length; i++) {
                layer[i] = layer[i % 30].clone();
                layer[i][i] = Math.nextUp((float) layer[i][i]);
            }
            return layer;
        }
    },
    DENORMALS(ElementType.F32) {
        @Override
        double[][] make() {
            return TestLayers.map(TestLayers.lowRank(80, 128, 3, 0.3, 9), x -> (float) (x * 1e-43));
        }
    },
    /** Standardised rows whose small numbers float32 cannot hold as normal ones, and bfloat16 tiles not at all. */
    DENORMAL_BESIDE_ONE(ElementType.F64) {
        @Override
        double[][] make() {
            double[][] layer = TestLayers.gaussian(60, 128, 10);
            for (int i = 0; i < layer.length; i++) {
                for (int k = 0; k < layer[i].length; k++) {
                    layer[i][k] *= k < 3 ? 1 : 1e-40;
                }
            }
            return layer;
        }
    };

    final ElementType type;

    AdversarialLayers(ElementType type) {
        this.type = type;
    }

    abstract double[][] make();
}
