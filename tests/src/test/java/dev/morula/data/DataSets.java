package dev.morula.data;

import dev.morula.network.Shape;

/** What tests read of data sets. */
public final class DataSets {
    private DataSets() {}

    /** Sample {@code sample}, channel by channel. */
    public static double[] numbers(DataSet set, int sample) {
        return numbers(set, sample, set.shape());
    }

    static double[] numbers(DataSet set, int sample, Shape padded) {
        double[] numbers = new double[padded.size()];
        set.read(sample, padded, numbers);
        return numbers;
    }
}
