package dev.morula.kernel;

/**
 * Calls of kernels that are made again and again with the same matrices and the same numbers, such as those of a training
 * step: a device may record them and start all at once. They come in as many parts as were agreed on, between which the
 * host may read and write matrices.
 *
 * <p>What differs from round to round must be in the matrices' elements. In some rounds calls are made twice, of which one
 * time has an effect on matrices, and in others not at all, to the same effect. So what else they change must come out the
 * same in every round. Rounds are one thread's and do not overlap; other threads may use the device meanwhile.
 */
@FunctionalInterface
public interface Repetition extends AutoCloseable {
    /** Makes all calls in every round. */
    Repetition PLAIN = inputs -> Runnable::run;

    /** Begins a round; {@code inputs} are the matrices that may be others than in the round before. */
    Round begin(Matrix... inputs);

    @Override
    default void close() {}

    /** One time. A round may end before its last part. */
    @FunctionalInterface
    interface Round extends AutoCloseable {
        /** Does what {@code calls}, the next part, do. */
        void run(Runnable calls);

        @Override
        default void close() {}
    }
}
