package dev.morula.prepare;

import dev.morula.MorulaException;
import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.Arrays;

/**
 * Principal component analysis of a train set. Products of centred samples are added up in float32 over a thousand samples
 * at a time, and in float64 from then on; the eigenvectors of the covariance, which divides by the number of samples less
 * one, are found in float64. Sums are cut the same way for any number of threads.
 */
final class PrincipalComponentFit {
    private static final int CHUNK = 1024; // samples
    private static final int STRIP = 128; // rows of the covariance that one task computes
    private static final double NOTHING = 1e-7; // of the largest variance: what rounding alone can leave

    private final StandardisedSamples samples;
    private final Kernels kernels;
    private final Workers workers;

    PrincipalComponentFit(StandardisedSamples samples, Kernels kernels, Workers workers) {
        this.samples = samples;
        this.kernels = kernels;
        this.workers = workers;
    }

    PrincipalComponents find(int count, Preparation.Spread spread) {
        int most = Math.min(samples.count() - 1, samples.size());
        if (count > most) {
            throw MorulaException.usage(
                    "%s: %d samples of %d numbers have at most %d principal components, not %d",
                    samples.data().name(), samples.count(), samples.size(), most, count);
        }
        double[] means = means();
        try (Matrix covariance = covariance(means);
                Matrix axes = Matrix.allocate(ElementType.F64, count, samples.size());
                Matrix variances = Matrix.allocate(ElementType.F64, 1, count)) {
            kernels.samples().principalAxes(axes, variances, covariance);
            double[] found = new double[count];
            variances.read(0, found, 0, count);
            if (spread == Preparation.Spread.KEPT) {
                Arrays.fill(found, 1);
            } else {
                requireVaried(found);
            }
            return components(axes, means, found);
        }
    }

    private double[] means() {
        int chunks = (samples.count() + CHUNK - 1) / CHUNK;
        double[][] sums = new double[chunks][samples.size()];
        workers.forEach(chunks, (chunk, worker) -> {
            int first = (int) chunk * CHUNK;
            double[] numbers = new double[samples.size()];
            for (int sample = first; sample < Math.min(first + CHUNK, samples.count()); sample++) {
                samples.read(sample, numbers);
                add(sums[(int) chunk], numbers);
            }
        });
        double[] means = new double[samples.size()];
        for (double[] part : sums) {
            add(means, part);
        }
        for (int k = 0; k < means.length; k++) {
            means[k] /= samples.count();
        }
        return means;
    }

    private static void add(double[] sums, double[] numbers) {
        for (int k = 0; k < sums.length; k++) {
            sums[k] += numbers[k];
        }
    }

    /** The lower triangle of the covariance; the rest is part of it only as far as strips reach. */
    private Matrix covariance(double[] means) {
        int size = samples.size();
        Matrix covariance = Matrix.allocate(ElementType.F64, size, size);
        try (Matrix rows = Matrix.allocate(ElementType.F32, Math.min(CHUNK, samples.count()), size);
                Matrix products = Matrix.allocate(ElementType.F32, workers.count(), (long) STRIP * size);
                Matrix sums = Matrix.allocate(ElementType.F32, workers.count(), STRIP)) {
            for (int first = 0; first < samples.count(); first += CHUNK) {
                Matrix chunk = rows.slice(0, Math.min(CHUNK, samples.count() - first));
                int begin = first;
                workers.forEach(
                        chunk.rows(),
                        (row, worker) -> samples.writeCentred(chunk.slice(row, 1), begin + (int) row, means));
                workers.forEach((size + STRIP - 1L) / STRIP, (strip, worker) -> {
                    long row = strip * STRIP;
                    long count = Math.min(STRIP, size - row);
                    Block block = new Block(row, count, 0, row + count);
                    Matrix product = products.slice(worker, 1);
                    kernels.products().linearBackwardWeight(product, sums.slice(worker, 1), chunk, chunk, block);
                    add(covariance, product, block);
                });
            }
            return covariance;
        } catch (RuntimeException | Error e) {
            covariance.close();
            throw e;
        }
    }

    private void add(Matrix covariance, Matrix product, Block block) {
        float[] added = new float[(int) block.columns()];
        double[] row = new double[added.length];
        for (long r = 0; r < block.rows(); r++) {
            long begin = (block.firstRow() + r) * covariance.columns();
            covariance.read(begin, row, 0, row.length);
            product.read(r * added.length, added, 0, added.length);
            for (int k = 0; k < row.length; k++) {
                row[k] += (double) added[k] / (samples.count() - 1);
            }
            covariance.write(begin, row, 0, row.length);
        }
    }

    private void requireVaried(double[] variances) {
        for (int k = 0; k < variances.length; k++) {
            if (!(variances[k] > NOTHING * variances[0])) {
                throw MorulaException.usage(
                        "%s: only %d principal components vary by more than rounding, so %d cannot be whitened",
                        samples.data().name(), k, variances.length);
            }
        }
    }

    /** The map to components along {@code axes}, divided by the roots of {@code scales}. */
    private static PrincipalComponents components(Matrix axes, double[] means, double[] scales) {
        PrincipalComponents components = PrincipalComponents.allocate(axes.rows(), axes.columns());
        double[] axis = new double[means.length];
        float[] row = new float[axis.length];
        for (int k = 0; k < scales.length; k++) {
            axes.read((long) k * axis.length, axis, 0, axis.length);
            double factor = sign(axis) / Math.sqrt(scales[k]);
            for (int i = 0; i < axis.length; i++) {
                row[i] = (float) (axis[i] * factor);
            }
            components.weight().write((long) k * row.length, row, 0, row.length);
        }
        components.mean().write(0, means, 0, means.length);
        return components;
    }

    /** That of the number of largest magnitude: an eigenvector's own sign means nothing. */
    private static double sign(double[] axis) {
        double largest = 0;
        for (double number : axis) {
            largest = Math.abs(number) > Math.abs(largest) ? number : largest;
        }
        return Math.signum(largest);
    }
}
