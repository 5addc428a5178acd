package dev.morula.prepare;

import dev.morula.data.DataSet;
import dev.morula.kernel.Matrix;
import dev.morula.network.Shape;

/** The samples of {@code data}, padded to {@code shape} and standardised when they are read. */
record StandardisedSamples(DataSet data, Shape shape, Standardisation standardisation) {
    int count() {
        return data.count();
    }

    /** Numbers of a sample. */
    int size() {
        return shape.size();
    }

    /** Copies sample {@code sample}, channel by channel, to the front of {@code target}. */
    void read(int sample, double[] target) {
        data.read(sample, shape, target);
        standardisation.apply(target, shape);
    }

    /** Writes samples from {@code first} on, less {@code means}, one a row. */
    void writeCentred(Matrix rows, int first, double[] means) {
        double[] numbers = new double[size()];
        float[] row = new float[numbers.length];
        for (int sample = 0; sample < rows.rows(); sample++) {
            read(first + sample, numbers);
            for (int k = 0; k < row.length; k++) {
                row[k] = (float) (numbers[k] - means[k]);
            }
            rows.write((long) sample * row.length, row, 0, row.length);
        }
    }

    /** Writes samples from {@code first} on as {@code positions} rows of channels each: channels last. */
    void write(Matrix rows, int first, int positions) {
        int channels = size() / positions;
        double[] numbers = new double[size()];
        float[] row = new float[numbers.length];
        for (int sample = 0; sample < rows.rows() / positions; sample++) {
            read(first + sample, numbers);
            for (int position = 0; position < positions; position++) {
                for (int channel = 0; channel < channels; channel++) {
                    row[position * channels + channel] = (float) numbers[channel * positions + position];
                }
            }
            rows.write((long) sample * row.length, row, 0, row.length);
        }
    }
}
