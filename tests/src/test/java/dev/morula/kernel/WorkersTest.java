package dev.morula.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void runsEveryPartOnceAndReturnsWhenAllAreDone(int threads) {
        try (Workers workers = new Workers(threads)) {
            for (int parts = 0; parts < 300; parts++) {
                AtomicIntegerArray runs = new AtomicIntegerArray(parts);
                AtomicIntegerArray busy = new AtomicIntegerArray(threads);
                workers.forEach(parts, (part, worker) -> {
                    assertThat(busy.getAndIncrement(worker)).isZero();
                    runs.incrementAndGet((int) part);
                    busy.decrementAndGet(worker);
                });
                for (int part = 0; part < parts; part++) {
                    assertThat(runs.get(part)).isEqualTo(1);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void throwsTheFirstFailureAndHandsOutNoMore(int threads) {
        try (Workers workers = new Workers(threads)) {
            assertThatThrownBy(() -> workers.forEach(Long.MAX_VALUE / 2, (part, worker) -> {
                        if (part == 100) {
                            throw new IllegalArgumentException("part 100");
                        }
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("part 100");
            assertThatThrownBy(() -> workers.forEach(9, (part, worker) -> {
                        throw new IOException("disk");
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("disk")
                    .hasCauseInstanceOf(IOException.class);
            workers.forEach(3, (part, worker) -> {}); // still usable
        }
    }
}
