package dev.morula.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Matrices that are on a GPU and at home in turn. */
@Tag("device")
class DeviceCopyTest {
    private static final int NUMBERS = 1000;
    private static final int BYTES = NUMBERS * Float.BYTES;

    @BeforeEach
    void needsGpu() {
        assumeTrue(Backends.available().contains(Backend.GPU), "no GPU, nor the emulated one");
    }

    @Test
    void theSideThatWasWrittenLastIsWhatTheOtherSees() {
        try (Kernels kernels = Kernels.cuda(0, 0);
                Matrix inp = numbers(-2, 1);
                Matrix out = numbers(9, 0)) {
            kernels.layers().relu(out, inp, 0, NUMBERS);
            assertThat(out.row(0)).startsWith(0, 0, 0, 1, 2).endsWith(NUMBERS - 3);
            inp.write(0, new float[] {5}, 0, 1);
            kernels.layers().relu(out, inp, 0, NUMBERS);
            assertThat(out.row(0)).startsWith(5, 0, 0, 1, 2);
            try (Kernels cpu = Kernels.cpu()) {
                cpu.layers().add(inp, inp, out, Activation.IDENTITY, 0, NUMBERS);
            }
            kernels.layers().relu(out, inp, 0, NUMBERS);
            assertThat(out.row(0)).startsWith(10, 0, 0, 2, 4);
        }
    }

    @Test
    void whatACallDoesNotWriteStays() {
        try (Kernels kernels = Kernels.cuda(0, 0);
                Matrix inp = numbers(1, 1);
                Matrix out = numbers(7, 0)) {
            kernels.layers().relu(out, inp, 10, 2);
            float[] row = out.row(0);
            assertThat(row[9]).isEqualTo(7);
            assertThat(row[10]).isEqualTo(11);
            assertThat(row[12]).isEqualTo(7);
        }
    }

    @Test
    void aSliceIsWhereItsMatrixIs() {
        try (Kernels kernels = Kernels.cuda(0, 0);
                Matrix whole = Matrix.allocate(ElementType.F32, 3, NUMBERS);
                Matrix inp = numbers(-1, 1)) {
            kernels.layers().relu(whole.slice(1, 1), inp, 0, NUMBERS);
            kernels.layers().relu(whole.slice(2, 1), whole.slice(1, 1), 0, NUMBERS);
            assertThat(whole.row(0)).containsOnly(0);
            assertThat(whole.row(2)).startsWith(0, 0, 1).isEqualTo(whole.row(1));
        }
    }

    @Test
    void matricesThatDoNotFitTogetherTakeTurns() {
        try (CudaKernels kernels = new CudaKernels(0, 2 * BYTES);
                Matrix sum = numbers(0, 0)) {
            List<Matrix> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                all.add(numbers(i, 0));
                kernels.layers().relu(sum, all.get(i), 0, NUMBERS);
                assertThat(kernels.context().usedBytes()).isLessThanOrEqualTo(2 * BYTES);
            }
            for (Matrix one : all) {
                kernels.layers().add(one, one, one, Activation.IDENTITY, 0, NUMBERS);
            }
            for (int i = 0; i < 5; i++) {
                assertThat(all.get(i).row(0)).containsOnly(2 * i);
                all.get(i).close();
            }
        }
    }

    @Test
    void whatFitsInNoWaySaysWhatThereIs() {
        try (Kernels kernels = Kernels.cuda(0, BYTES);
                Matrix inp = numbers(0, 1);
                Matrix out = numbers(0, 0)) {
            assertThatThrownBy(() -> kernels.layers().relu(out, inp, 0, NUMBERS))
                    .isInstanceOf(MorulaException.class)
                    .hasMessageContaining("4000 bytes of device memory were asked for, but of 4000 only 0 are left")
                    .satisfies(e -> assertThat(((MorulaException) e).kind()).isEqualTo(Kind.RESOURCES));
            assertThat(out.row(0)).containsOnly(0);
            kernels.layers().relu(out, out, 0, NUMBERS);
        }
    }

    @Test
    void closingAMatrixFreesItsCopy() {
        try (CudaKernels kernels = new CudaKernels(0, 0);
                Matrix inp = numbers(0, 1)) {
            Matrix out = numbers(0, 0);
            kernels.layers().relu(out, inp, 0, NUMBERS);
            assertThat(kernels.context().usedBytes()).isEqualTo(2 * BYTES);
            out.close();
            assertThat(kernels.context().usedBytes()).isEqualTo(BYTES);
        }
    }

    @Test
    void aMatrixOutlivesTheDevice() {
        try (Matrix inp = numbers(3, 0);
                Matrix out = numbers(0, 0)) {
            try (Kernels kernels = Kernels.cuda(0, 0)) {
                kernels.layers().add(out, inp, inp, Activation.IDENTITY, 0, NUMBERS);
            }
            assertThat(out.row(0)).containsOnly(6);
            try (Kernels other = Kernels.cuda(0, 0)) {
                other.layers().add(out, out, inp, Activation.IDENTITY, 0, NUMBERS);
            }
            assertThat(out.row(0)).containsOnly(9);
        }
    }

    @Test
    void twoDevicesHandAMatrixOver() {
        try (Kernels first = Kernels.cuda(0, 0);
                Kernels second = Kernels.cuda(0, 0);
                Matrix matrix = numbers(1, 0)) {
            first.layers().add(matrix, matrix, matrix, Activation.IDENTITY, 0, NUMBERS);
            second.layers().add(matrix, matrix, matrix, Activation.IDENTITY, 0, NUMBERS);
            first.layers().add(matrix, matrix, matrix, Activation.IDENTITY, 0, NUMBERS);
            assertThat(matrix.row(0)).containsOnly(8);
        }
    }

    /** Threads that share a matrix: one brings it home after another has taken it for writing, but has not written yet. */
    @Test
    void whatIsWrittenAfterAnotherBroughtTheMatrixHomeIsSeen() {
        try (CudaKernels kernels = new CudaKernels(0, 0);
                Matrix inp = numbers(1, 1);
                Matrix out = numbers(0, 0)) {
            kernels.layers().relu(out, out, 0, NUMBERS);
            try (CudaPins pins = new CudaPins(kernels.context())) {
                long to = pins.update(out);
                long from = pins.read(inp);
                assertThat(out.row(0)).containsOnly(0);
                CudaContext.check(
                        MorulaCudaLibrary.morula_cuda_relu(kernels.context().address(), to, from, 0, NUMBERS));
            }
            assertThat(out.row(0)).isEqualTo(inp.row(0));
        }
    }

    /** Candidates and their sums stay on the device from piece to piece; where it has no room for all, they take turns. */
    @Test
    void sumsOfCandidatesAreRefinedWhereTheyAre() {
        long rowBytes = 2L * ScreenKernels.PIECE * Float.BYTES;
        long chunkBytes = Long.BYTES + Double.BYTES;
        assertThat(bytesToRefineThreeChunks(0)).isEqualTo(rowBytes + 3 * chunkBytes);
        assertThat(bytesToRefineThreeChunks(rowBytes + chunkBytes)).isEqualTo(rowBytes + chunkBytes);
    }

    private static long bytesToRefineThreeChunks(long memory) {
        float[] half = new float[ScreenKernels.PIECE];
        Arrays.fill(half, 0.5f);
        List<Matrix> pairs = new ArrayList<>();
        List<Matrix> sums = new ArrayList<>();
        try (CudaKernels kernels = new CudaKernels(0, memory);
                Matrix rows = Matrix.of(new float[][] {half, half})) {
            for (int chunk = 0; chunk < 3; chunk++) {
                pairs.add(Matrix.allocate(ElementType.I64, 1, 1));
                pairs.get(chunk).write(0, new long[] {1}, 0, 1); // the first row and the second
                sums.add(Matrix.allocate(ElementType.F64, 1, 1));
                sums.get(chunk).write(0, new double[] {chunk}, 0, 1);
            }
            for (int call = 0; call < 6; call++) {
                kernels.screen().refine(sums.get(call % 3), pairs.get(call % 3), 1, rows);
            }
            long used = kernels.context().usedBytes();
            for (int chunk = 0; chunk < 3; chunk++) {
                double[] sum = {0};
                sums.get(chunk).read(0, sum, 0, 1);
                assertThat(sum[0]).isEqualTo(chunk + 2 * ScreenKernels.PIECE / 4.0);
                sums.get(chunk).close();
                pairs.get(chunk).close();
            }
            return used;
        }
    }

    @Test
    void copiesLeaveRoomForWhatCallsTakeThemselves() {
        List<Matrix> all = new ArrayList<>();
        try (CudaKernels kernels = new CudaKernels(0, 50 * BYTES);
                Matrix sum = numbers(0, 0);
                Matrix moments = Matrix.allocate(ElementType.F64, 1, Kernels.MOMENTS)) {
            for (int i = 0; i < 60; i++) {
                all.add(numbers(i, 0));
                kernels.layers().relu(sum, all.get(i), 0, NUMBERS);
            }
            assertThat(kernels.context().usedBytes()).isGreaterThan(40 * BYTES);
            kernels.moments(moments, numbers(1, 1), Metric.PEARSON);
            double[] found = new double[Kernels.MOMENTS];
            moments.read(0, found, 0, found.length);
            assertThat(found).contains((NUMBERS + 1) / 2.0);
        } finally {
            all.forEach(Matrix::close);
        }
    }

    @Test
    void writingOnBothSidesAtOnceIsAnError() {
        try (CudaKernels kernels = new CudaKernels(0, 0);
                Matrix matrix = Matrix.allocate(ElementType.F32, 2, NUMBERS);
                Matrix inp = numbers(1, 0)) {
            try (CudaPins pins = new CudaPins(kernels.context())) {
                pins.update(matrix.slice(0, 1));
                assertThatThrownBy(() -> matrix.write(NUMBERS, new float[] {5}, 0, 1))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("open for writing on a GPU and on the processor at the same time");
                assertThat(matrix.row(1)).containsOnly(0);
            }
            try (Pins pins = new Pins()) {
                pins.of(matrix);
                assertThatThrownBy(() -> kernels.layers().relu(matrix.slice(0, 1), inp, 0, NUMBERS))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("open for writing on a GPU and on the processor at the same time");
                kernels.layers().relu(inp, matrix.slice(1, 1), 0, NUMBERS);
            }
            matrix.write(NUMBERS, new float[] {5}, 0, 1);
            kernels.layers().add(matrix.slice(0, 1), matrix.slice(1, 1), inp, Activation.IDENTITY, 0, 2);
            assertThat(matrix.row(0)).startsWith(5, 0, 0);
        }
    }

    @Test
    void closedKernelsSaySo() {
        Kernels kernels = Kernels.cuda(0, 0);
        kernels.close();
        kernels.close();
        try (Matrix matrix = numbers(1, 0)) {
            assertThatThrownBy(() -> kernels.layers().relu(matrix, matrix, 0, NUMBERS))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    private static Matrix numbers(float first, float step) {
        float[] values = new float[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            values[i] = first + i * step;
        }
        return Matrix.of(new float[][] {values});
    }
}
