package dev.morula.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How a matrix ends: by close, which waits for its users, or by being forgotten. */
class MatrixLifetimeTest {
    private static final long TOUCHED = 16L << 20; // bytes of a matrix that is to be noticed

    static Stream<ThrowingCallable> accesses() {
        List<ThrowingCallable> accesses = new ArrayList<>();
        for (ElementType type : ElementType.values()) {
            Matrix matrix = Matrix.allocate(type, 3, 2);
            Matrix slice = matrix.slice(1, 2);
            matrix.close();
            accesses.addAll(accesses(matrix));
            accesses.addAll(accesses(slice));
            accesses.addAll(accesses(closedThroughASlice(type)));
        }
        return accesses.stream();
    }

    private static Matrix closedThroughASlice(ElementType type) {
        Matrix matrix = Matrix.allocate(type, 3, 2);
        matrix.slice(0, 1).slice(0, 1).close();
        return matrix;
    }

    private static List<ThrowingCallable> accesses(Matrix closed) {
        Matrix open = Matrix.allocate(closed.type(), 2, 2);
        List<ThrowingCallable> accesses = new ArrayList<>(List.of(
                () -> closed.slice(0, 1),
                () -> closed.readBytes(0, new byte[8], 1),
                () -> closed.writeBytes(0, new byte[8], 1),
                () -> closed.copyTo(0, open, 0, 1),
                () -> open.copyTo(0, closed, 0, 1)));
        switch (closed.type()) {
            case F32 -> {
                accesses.add(() -> closed.row(0));
                accesses.add(() -> closed.read(0, new float[1], 0, 1));
                accesses.add(() -> closed.write(0, new float[1], 0, 1));
            }
            case F64 -> {
                accesses.add(() -> closed.read(0, new double[1], 0, 1));
                accesses.add(() -> closed.write(0, new double[1], 0, 1));
            }
            case I32 -> {
                accesses.add(() -> closed.read(0, new int[1], 0, 1));
                accesses.add(() -> closed.write(0, new int[1], 0, 1));
            }
            case I64 -> {
                accesses.add(() -> closed.read(0, new long[1], 0, 1));
                accesses.add(() -> closed.write(0, new long[1], 0, 1));
            }
            default -> {} // bytes only
        }
        return accesses;
    }

    @ParameterizedTest
    @MethodSource("accesses")
    void refusesUseAfterClose(ThrowingCallable access) {
        assertThatThrownBy(access).isInstanceOf(IllegalStateException.class).hasMessage("this matrix was closed");
    }

    @Test
    void kernelsRefuseAClosedMatrixAndLetGoOfTheOthers() {
        try (Kernels kernels = Kernels.cpu();
                Matrix out = Matrix.of(new float[2][2]);
                Matrix left = Matrix.of(new float[2][3])) {
            Matrix right = Matrix.of(new float[2][3]);
            right.close();
            assertThatThrownBy(() -> kernels.product(out, left, right)).isInstanceOf(IllegalStateException.class);
        } // closing would wait for ever, were they still held
    }

    @Test
    void closingTwiceDoesNothing() {
        Matrix matrix = Matrix.allocate(ElementType.F32, 2, 2);
        Matrix slice = matrix.slice(1, 1);
        matrix.close();
        try (Matrix reused = Matrix.allocate(ElementType.F32, 2, 2)) { // likely to get the same address
            matrix.close();
            slice.close();
            reused.write(0, new float[] {1, 2, 3, 4}, 0, 4);
            assertThat(reused.row(1)).containsExactly(3, 4);
        }
    }

    @Test
    void closingWaitsForUsersAndLetsNoOtherIn() throws InterruptedException {
        Matrix matrix = Matrix.of(new float[][] {{1, 2}});
        matrix.memory().acquire(Access.READ);
        Thread closer = new Thread(matrix::close);
        closer.start();
        while (closer.isAlive() && closer.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(closer.isAlive()).isTrue();
        assertThatThrownBy(() -> matrix.row(0)).isInstanceOf(IllegalStateException.class);
        closer.interrupt(); // is kept for later
        matrix.memory().release(Access.READ);
        closer.join();
    }

    @Test
    void closingDuringANativeCallWaitsForItsEnd() throws InterruptedException {
        int rows = 256;
        while (!closedDuringTheProduct(rows)) {
            rows *= 2; // it was over before it could be caught
        }
    }

    /** Whether the product was still running when one of its operands was closed. */
    private static boolean closedDuringTheProduct(int rows) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (Kernels kernels = Kernels.cpu();
                Matrix out = Matrix.allocate(ElementType.F32, rows, rows)) {
            Matrix left = ones(rows);
            Matrix right = ones(rows);
            Thread call = new Thread(() -> kernels.product(out, left, right));
            call.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
            call.start();
            while (call.isAlive() && out.row(0)[0] == 0) {
                Thread.onSpinWait();
            }
            boolean running = out.row(rows - 1)[rows - 1] != rows;
            left.close();
            assertThat(out.row(rows - 1)).containsOnly(rows); // so the call had come to its end
            assertThatThrownBy(() -> left.row(0)).isInstanceOf(IllegalStateException.class);
            call.join();
            right.close();
            assertThat(failure.get()).isNull();
            return running;
        }
    }

    private static Matrix ones(int rows) {
        float[] row = new float[rows];
        Arrays.fill(row, 1);
        float[][] ones = new float[rows][];
        Arrays.fill(ones, row);
        return Matrix.of(ones);
    }

    @Test
    void closingGivesTheMemoryBack() {
        long before = PeakMemory.anonymousBytes();
        for (int round = 0; round < 64; round++) {
            touched().close();
        }
        assertThat(PeakMemory.anonymousBytes()).isLessThan(before + 32 * TOUCHED);
    }

    @Test
    void whatWasForgottenIsFreed() throws InterruptedException {
        long before = PeakMemory.anonymousBytes();
        for (int round = 0; round < 32; round++) {
            touched();
        }
        assertThat(PeakMemory.anonymousBytes()).isGreaterThan(before + 16 * TOUCHED);
        for (int tries = 0; PeakMemory.anonymousBytes() > before + 8 * TOUCHED && tries < 500; tries++) {
            System.gc();
            Thread.sleep(10); // the cleaner has a thread of its own
        }
        assertThat(PeakMemory.anonymousBytes()).isLessThan(before + 8 * TOUCHED);
    }

    @Test
    void aSliceKeepsTheWholeAlive() throws InterruptedException {
        Matrix slice = Matrix.of(new float[][] {{1, 2}, {3, 4}, {5, 6}}).slice(1, 2);
        for (int tries = 0; tries < 5; tries++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(slice.row(1)).containsExactly(5, 6);
        slice.close();
    }

    /** A matrix that counts: memory does so once it is touched. */
    private static Matrix touched() {
        Matrix matrix = Matrix.allocate(ElementType.F32, TOUCHED >> 12, 1 << 10);
        for (long row = 0; row < matrix.rows(); row++) {
            matrix.write(row << 10, new float[] {1}, 0, 1);
        }
        return matrix;
    }
}
