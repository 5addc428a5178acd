package dev.morula.redundancy.units;

import dev.morula.RandomNumbers;
import dev.morula.RandomNumbers.Stream;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.network.Tap;
import dev.morula.prepare.Samples;
import dev.morula.redundancy.Features;
import dev.morula.train.ActivationRecorder;
import dev.morula.train.ActivationSink;
import dev.morula.train.Network;
import java.util.Map;

/** Puts some rows of a tap's units into a matrix: a row is a position of a sample, and a unit a channel. */
final class UnitRows implements ActivationSink {
    private final Tap tap;
    private final long[] rows; // ascending: position p of sample n is row n * positions + p
    private final Matrix values;
    private int next;

    private UnitRows(Tap tap, long[] rows, Matrix values) {
        this.tap = tap;
        this.rows = rows;
        this.values = values;
    }

    /**
     * Activations of the units at {@code tap} on at most {@code most} rows, chosen at random where there are more, with the
     * labels of their samples. The caller closes {@link Features#activations}, rows x units.
     *
     * @param draw which of several choices, from 0 on
     */
    static Features record(
            Network network,
            Samples samples,
            Tap tap,
            int most,
            long seed,
            int draw,
            Kernels kernels,
            Workers workers) {
        long positions = tap.shape().positions();
        long[] rows = RowChoice.of(samples.count() * positions, most, RandomNumbers.of(seed, Stream.ROWS, draw));
        Matrix values =
                Matrix.allocate(ElementType.F32, rows.length, tap.shape().channels());
        try {
            new ActivationRecorder(kernels, workers)
                    .record(network, samples, Map.of(tap, new UnitRows(tap, rows, values)));
            int classes = Math.max(2, network.definition().outputs());
            return new Features(tap.name(), values, labels(samples, rows, positions), classes);
        } catch (RuntimeException | Error e) {
            values.close();
            throw e;
        }
    }

    private static int[] labels(Samples samples, long[] rows, long positions) {
        int[] all = new int[Math.toIntExact(samples.count())];
        samples.labels().read(0, all, 0, all.length);
        int[] labels = new int[rows.length];
        for (int row = 0; row < rows.length; row++) {
            labels[row] = all[(int) (rows[row] / positions)];
        }
        return labels;
    }

    /** Blocks come channel by channel. */
    @Override
    public void accept(long firstSample, Matrix block) {
        int positions = tap.shape().positions();
        float[] unit = new float[tap.shape().channels()];
        for (long sample = firstSample; sample < firstSample + block.rows(); sample++) {
            if (next < rows.length && rows[next] < (sample + 1) * positions) {
                float[] image = block.row(sample - firstSample);
                while (next < rows.length && rows[next] < (sample + 1) * positions) {
                    int position = (int) (rows[next] - sample * positions);
                    for (int channel = 0; channel < unit.length; channel++) {
                        unit[channel] = image[channel * positions + position];
                    }
                    values.write((long) next * unit.length, unit, 0, unit.length);
                    next++;
                }
            }
        }
    }
}
