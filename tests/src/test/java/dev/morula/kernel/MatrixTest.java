package dev.morula.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MatrixTest {
    @Test
    void holdsWhatWasWritten() {
        try (Matrix matrix = Matrix.of(new float[][] {{1, 2, 3}, {4, 5, 6}})) {
            assertThat(matrix.row(1)).containsExactly(4, 5, 6);
            assertThat(matrix.slice(1, 1).row(0)).containsExactly(4, 5, 6);
        }
    }

    @Test
    void refusesUseAfterClose() {
        Matrix matrix = Matrix.allocate(ElementType.F32, 2, 2);
        Matrix slice = matrix.slice(1, 1);
        matrix.close();
        assertThatThrownBy(() -> matrix.row(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> slice.row(0)).isInstanceOf(IllegalStateException.class);
    }
}
