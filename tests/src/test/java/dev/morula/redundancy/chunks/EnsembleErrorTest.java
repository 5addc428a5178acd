package dev.morula.redundancy.chunks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.ReadOut;
import dev.morula.train.Floats;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EnsembleErrorTest {
    @Test
    void isThatOfTheSumOfLogits() {
        try (Matrix one = Matrix.of(new float[][] {{3, 0}, {0, 1}, {2, 0}, {Float.NaN, 0}});
                Matrix two = Matrix.of(new float[][] {{0, 1}, {0, 1}, {0, 3}, {9, 0}})) {
            Estimate error = new EnsembleError(List.of(one, two), new int[] {0, 1, 0, 0}).error();
            assertThat(error.mean()).isEqualTo(0.5); // the third is outvoted, the fourth no number
            assertThat(error.standardError()).isCloseTo(Math.sqrt(0.5 * 0.5 / 4), within(1e-15));
            assertThat(new EnsembleError(List.of(one), new int[] {0, 1, 0, 0})
                            .error()
                            .mean())
                    .isEqualTo(0.25);
            assertThatThrownBy(() -> new EnsembleError(List.of(one, two), new int[3]))
                    .hasMessage("ensemble: logits of a network are 4 x 2; those of 3 samples must be 3 x 2");
        }
    }

    @Test
    void ofOneNetworkIsThatOfItsWholeLayer() {
        Random random = new Random(1);
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(2);
                Matrix layer = Floats.random(1500, 33, random);
                Matrix weight = Floats.random(1, 33, random);
                Matrix bias = Floats.random(1, 1, random)) {
            Features features = new Features("h", layer, random.ints(1500, 0, 2).toArray(), 2);
            ReadOut readOut = new ReadOut(weight, bias);
            int[] sizes = {33};
            ChunkErrors whole = ChunkErrors.of(features, readOut, sizes, 1, 1, kernels, workers)
                    .get(0);
            try (Matrix logits = readOut.logits(features, kernels, workers)) {
                assertThat(new EnsembleError(List.of(logits), features.labels())
                                .error()
                                .mean())
                        .isEqualTo(whole.error().mean());
            }
        }
    }
}
