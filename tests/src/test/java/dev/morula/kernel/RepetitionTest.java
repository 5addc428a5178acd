package dev.morula.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that are made again and again do what they say every time, whether a device makes, records or repeats them. */
@Tag("device")
class RepetitionTest {
    private static final int NUMBERS = 2000;
    private static final int BYTES = NUMBERS * Float.BYTES;
    private static final int ROUNDS = 6;

    /** In two parts: sum += inp; out = relu(sum). */
    private static final class Adding implements AutoCloseable {
        final Kernels kernels;
        final Repetition repetition;
        final Matrix sum = numbers(0);
        Matrix out = numbers(0);
        float expected;
        int made; // parts whose calls were made

        Adding(Kernels kernels) {
            this.kernels = kernels;
            repetition = kernels.repetition(2);
        }

        void round(Matrix inp, float value) {
            try (Repetition.Round round = repetition.begin(inp)) {
                round.run(() -> add(inp));
                expected += value;
                assertThat(sum.row(0)).containsOnly(expected);
                round.run(this::relu);
            }
            assertThat(out.row(0)).containsOnly(expected);
        }

        void add(Matrix inp) {
            made++;
            kernels.layers().add(sum, sum, inp, Activation.IDENTITY, 0, NUMBERS);
        }

        void relu() {
            made++;
            kernels.layers().relu(out, sum, 0, NUMBERS);
        }

        @Override
        public void close() {
            repetition.close();
            sum.close();
            out.close();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void everyRoundDoesWhatItsCallsSay(Backend backend) {
        try (Kernels kernels = backend.open();
                Adding adding = new Adding(kernels);
                Matrix inp = numbers(0)) {
            for (int round = 1; round <= ROUNDS; round++) {
                fill(inp, round);
                adding.round(inp, round);
            }
            boolean repeats = backend.tier() == null;
            assertThat(adding.made)
                    .isEqualTo(2 * (repeats ? 2 : ROUNDS)); // the first round, and that which is recorded
            assertThat(Repetitions.of(kernels)).isEqualTo(repeats ? 2 * (ROUNDS - 1) : 0);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void otherInputsAreTaken(Backend backend) {
        try (Kernels kernels = backend.open();
                Adding adding = new Adding(kernels);
                Matrix both = Matrix.of(new float[][] {row(1), row(10)})) {
            for (int round = 0; round < 3 * ROUNDS; round++) {
                int which = round / 3 % 2;
                adding.round(both.slice(which, 1), which == 0 ? 1 : 10);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void aRoundMayEndEarly(Backend backend) {
        for (int early = 0; early < ROUNDS; early++) {
            try (Kernels kernels = backend.open();
                    Adding adding = new Adding(kernels);
                    Matrix inp = numbers(1)) {
                for (int round = 0; round < ROUNDS; round++) {
                    if (round == early) {
                        try (Repetition.Round ended = adding.repetition.begin(inp)) {
                            ended.run(() -> adding.add(inp));
                            adding.expected++;
                        }
                    }
                    adding.round(inp, 1);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void theHostMayWriteBetweenParts(Backend backend) {
        try (Kernels kernels = backend.open();
                Repetition repetition = kernels.repetition(2);
                Matrix first = numbers(0);
                Matrix second = numbers(0)) {
            for (int number = 1; number <= ROUNDS; number++) {
                fill(first, number);
                try (Repetition.Round round = repetition.begin()) {
                    round.run(() -> kernels.layers().add(second, first, first, Activation.IDENTITY, 0, NUMBERS));
                    fill(first, second.row(0)[0] + 1);
                    round.run(() -> kernels.layers().add(second, first, first, Activation.IDENTITY, 0, NUMBERS));
                }
                assertThat(second.row(0)).containsOnly(4 * number + 2);
            }
        }
    }

    /** A matrix that was given up for another, as where a batch is larger than those before. */
    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void matricesMayBeReplaced(Backend backend) {
        try (Kernels kernels = backend.open();
                Adding adding = new Adding(kernels);
                Matrix inp = numbers(1)) {
            for (int round = 0; round < 2 * ROUNDS; round++) {
                if (round == 1 || round == 5) {
                    adding.out.close();
                    adding.out = numbers(0);
                }
                adding.round(inp, 1);
            }
        }
    }

    @Test
    void copiesThatMovedAreFound() {
        needsGpu();
        try (CudaKernels kernels = new CudaKernels(0, 4 * BYTES);
                Adding adding = new Adding(kernels);
                Matrix inp = numbers(1);
                Matrix inTheWay = numbers(0)) {
            for (int round = 0; round < 8 * ROUNDS; round++) {
                if (round % ROUNDS == ROUNDS - 1) {
                    try (Matrix large = Matrix.allocate(ElementType.F32, 4, NUMBERS)) {
                        kernels.layers().relu(large, large, 0, 4 * NUMBERS); // takes the room of all others
                    }
                    kernels.layers().relu(inTheWay, inTheWay, 0, NUMBERS);
                }
                adding.round(inp, 1);
            }
            assertThat(kernels.context().repetitions()).isPositive();
            assertThat(adding.made).isGreaterThan(4);
        }
    }

    /** A call has room for its own matrices, but those of a round are too many. */
    @Test
    void whatDoesNotFitAtOnceIsNotRepeated() {
        needsGpu();
        try (CudaKernels kernels = new CudaKernels(0, 2 * BYTES);
                Repetition repetition = kernels.repetition(1);
                Matrix sum = numbers(0);
                Matrix inp = numbers(1);
                Matrix out = numbers(0)) {
            int[] made = {0};
            for (int number = 1; number <= ROUNDS; number++) {
                try (Repetition.Round round = repetition.begin()) {
                    round.run(() -> {
                        made[0]++;
                        kernels.layers().add(sum, sum, inp, Activation.IDENTITY, 0, NUMBERS);
                        kernels.layers().relu(out, sum, 0, NUMBERS);
                        kernels.layers().add(sum, sum, inp, Activation.IDENTITY, 0, NUMBERS); // and both stay there
                    });
                }
                assertThat(out.row(0)).containsOnly(2 * number - 1);
                assertThat(sum.row(0)).containsOnly(2 * number);
                kernels.layers().add(sum, sum, inp, Activation.IDENTITY, 0, 0);
            }
            assertThat(kernels.context().repetitions()).isZero();
            assertThat(made[0]).isEqualTo(ROUNDS);
        }
    }

    @Test
    void copiesThatMoveAllTheTimeAreNotRecordedAllTheTime() {
        needsGpu();
        try (CudaKernels kernels = new CudaKernels(0, 0);
                Adding adding = new Adding(kernels)) {
            List<Matrix> inputs = new ArrayList<>();
            for (int round = 0; round < 20 * ROUNDS; round++) {
                if (round % 3 == 0) {
                    inputs.add(numbers(1));
                }
                adding.round(inputs.get(round / 3), 1);
            }
            assertThat(adding.made).isGreaterThan(38 * ROUNDS);
            inputs.forEach(Matrix::close);
        }
    }

    /** What of some spare matrices is taken, in a number of calls so far. */
    private interface Source {
        Matrix of(Kernels kernels, List<Matrix> spare, int call);
    }

    @Test
    void whatTheHostReadsInBetweenCannotBeRecordedAndIsDone() {
        isDoneButNotRepeated((kernels, spare, call) -> {
            kernels.layers().relu(spare.get(0), spare.get(0), 0, NUMBERS);
            return spare.get((int) spare.get(0).row(0)[0]);
        });
    }

    @Test
    void whatIsNotOnTheDeviceCannotBeRecordedAndIsDone() {
        isDoneButNotRepeated((kernels, spare, call) -> spare.get(call + 2));
    }

    @Test
    void whatTheFirstRoundDidNotUseCannotBeRecordedAndIsDone() {
        isDoneButNotRepeated((kernels, spare, call) -> spare.get(call % 2));
    }

    @Test
    void whatTheFirstRoundDidNotWriteCannotBeRecordedAndIsDone() {
        isDoneButNotRepeated((kernels, spare, call) -> {
            Matrix out = spare.get(call == 0 ? 0 : 1);
            kernels.layers().add(out, spare.get(0), spare.get(1), Activation.IDENTITY, 0, NUMBERS);
            return spare.get(0);
        });
    }

    private static void isDoneButNotRepeated(Source source) {
        needsGpu();
        List<Matrix> spare = new ArrayList<>();
        for (int i = 0; i <= ROUNDS + 2; i++) {
            spare.add(numbers(i));
        }
        try (CudaKernels kernels = new CudaKernels(0, 0);
                Repetition repetition = kernels.repetition(1);
                Matrix sum = numbers(0)) {
            kernels.layers().add(spare.get(0), spare.get(0), spare.get(1), Activation.IDENTITY, 0, 0); // to the device
            int[] calls = {0};
            Matrix[] inp = {null};
            for (int number = 0; number < ROUNDS; number++) {
                fill(sum, 1);
                try (Repetition.Round round = repetition.begin()) {
                    round.run(() -> {
                        inp[0] = source.of(kernels, spare, calls[0]++);
                        kernels.layers().add(sum, sum, inp[0], Activation.IDENTITY, 0, NUMBERS);
                    });
                }
                assertThat(sum.row(0)).containsOnly(1 + inp[0].row(0)[0]);
            }
            assertThat(kernels.context().repetitions()).isZero();
            assertThat(calls[0]).isEqualTo(ROUNDS + 1); // once more in the round that was to be recorded
        }
        spare.forEach(Matrix::close);
    }

    @Test
    void whatFailsSaysSo() {
        try (Kernels kernels = Backends.available().get(0).open();
                Repetition repetition = kernels.repetition(1)) {
            int[] calls = {0};
            for (int number = 0; number < 2; number++) {
                try (Repetition.Round round = repetition.begin()) {
                    if (number == 0) {
                        round.run(() -> calls[0]++);
                    } else {
                        assertThatThrownBy(() -> round.run(() -> {
                                    throw new IllegalArgumentException("as it is");
                                }))
                                .hasMessage("as it is");
                    }
                }
            }
        }
    }

    private static void needsGpu() {
        assumeTrue(Backends.available().contains(Backend.GPU), "no GPU, nor the emulated one");
    }

    private static Matrix numbers(float value) {
        return Matrix.of(new float[][] {row(value)});
    }

    private static void fill(Matrix matrix, float value) {
        matrix.write(0, row(value), 0, NUMBERS);
    }

    private static float[] row(float value) {
        float[] row = new float[NUMBERS];
        Arrays.fill(row, value);
        return row;
    }
}
