package dev.morula.prepare;

import dev.morula.BenchmarkKernels;
import dev.morula.RandomMatrix;
import dev.morula.RandomNumbers;
import dev.morula.Rates;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.SampleKernels.Images;
import dev.morula.network.Shape;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A batch of 128 of 5,000 images gathered, as they are and with crops and flips. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class GatherBenchmark {
    private static final int IMAGES = 5000;
    private static final int BATCH = 128;

    /** channels x height x width: CIFAR's, and MNIST's padded. */
    @Param({"3x32x32", "1x32x32"})
    String shape;

    @Param({"crop", "flip", "crop-flip", "crop-flip,border=reflect"})
    String augmentation;

    private Shape image;
    private Augmentation augmented;
    private Kernels kernels;
    private Matrix source;
    private Matrix out;
    private Matrix indices;
    private Matrix moves;

    @Setup
    public void setUp() {
        String[] sizes = shape.split("x");
        image = new Shape(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]), Integer.parseInt(sizes[2]));
        augmented = Augmentation.parse(augmentation);
        kernels = BenchmarkKernels.open("best");
        source = RandomMatrix.of(IMAGES, image.size()).reshape((long) IMAGES * image.positions(), image.channels());
        out = Matrix.allocate(ElementType.F32, (long) BATCH * image.positions(), image.channels());
        indices = Matrix.allocate(ElementType.I32, BATCH, 1);
        moves = Matrix.allocate(ElementType.I32, BATCH, Augmentation.NUMBERS);
        RandomNumbers random = new RandomNumbers(1);
        indices.write(0, random.permutation(IMAGES), 0, BATCH);
        moves.write(0, augmented.moves(BATCH, random), 0, BATCH * Augmentation.NUMBERS);
    }

    @Benchmark
    public void images(Rates.Traffic traffic) {
        kernels.samples()
                .gatherImages(
                        out, source, indices, moves, new Images(image.height(), image.width(), augmented.border()));
        traffic.reads(out, indices, moves); // of the source as many numbers as come out
        traffic.writes(out);
    }

    /** What copying alone takes. */
    @Benchmark
    public void rows(Rates.Traffic traffic) {
        kernels.samples().gatherRows(out.reshape(BATCH, image.size()), source.reshape(IMAGES, image.size()), indices);
        traffic.reads(out, indices); // of the source as many numbers as come out
        traffic.writes(out);
    }

    @TearDown
    public void tearDown() {
        List.of(source, out, indices, moves).forEach(Matrix::close);
        kernels.close();
    }
}
