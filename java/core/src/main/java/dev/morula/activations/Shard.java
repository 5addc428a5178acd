package dev.morula.activations;

import dev.morula.MorulaException;
import dev.morula.data.StoredArray;
import java.util.List;

/**
 * One file's part of a layer: some of the samples of all neurons.
 *
 * @param array where it is stored, two dimensions of a floating type
 * @param layout how it lies in the file; a Fortran-ordered array lies as its transpose
 */
record Shard(StoredArray array, Layout layout, long neurons, long samples) {
    /** Checks that {@code array} is a matrix of activations; {@code layout} is what its shape means. */
    static Shard of(StoredArray array, Layout layout) {
        List<Long> shape = array.shape();
        if (!array.type().isFloating()) {
            throw MorulaException.input(
                    "%s: has elements of type %s; activations are f2, f4, f8 or bfloat16", array.name(), array.type());
        } else if (shape.size() != 2) {
            throw MorulaException.input(
                    "%s: has %d dimensions, shape %s; activations have two, samples and neurons",
                    array.name(), shape.size(), shape);
        }
        boolean samplesFirst = layout == Layout.SAMPLES_FIRST;
        long neurons = shape.get(samplesFirst ? 1 : 0);
        long samples = shape.get(samplesFirst ? 0 : 1);
        if (neurons == 0 || samples == 0) {
            throw MorulaException.input(
                    "%s: shape %s has no %s", array.name(), shape, neurons == 0 ? "neurons" : "samples");
        }
        Layout stored = array.order() == StoredArray.Order.C ? layout : layout.transposed();
        return new Shard(array, stored, neurons, samples);
    }
}
