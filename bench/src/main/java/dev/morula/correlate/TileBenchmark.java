package dev.morula.correlate;

import dev.morula.BenchmarkKernels;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Panel;
import dev.morula.kernel.Kernels.PanelSizes;
import dev.morula.kernel.Kernels.Side;
import dev.morula.kernel.Kernels.Tile;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Sign;
import dev.morula.kernel.Workers;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One tile of the largest size, on one thread: packing either side, and product with fused cut. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class TileBenchmark {
    @Param({"portable", "best"})
    public String tier;

    @Param("10000")
    public int samples;

    private Kernels kernels;
    private BenchmarkLayer layer;
    private Matrix leftNeurons;
    private Matrix rightNeurons;
    private Matrix left;
    private Matrix right;
    private Matrix pairs;
    private Matrix workspace;
    private Tile tile;

    @Setup
    public void open() {
        kernels = BenchmarkKernels.open(tier);
        PanelSizes sizes = kernels.panelSizes();
        try (Workers workers = new Workers(1)) {
            layer = new BenchmarkLayer((int) (sizes.left() + sizes.right()), samples, kernels, workers);
        }
        leftNeurons = neurons(0, sizes.left());
        rightNeurons = neurons(sizes.left(), sizes.right());
        left = bytes(kernels.packedBytes(Side.LEFT, sizes.left(), samples));
        right = bytes(kernels.packedBytes(Side.RIGHT, sizes.right(), samples));
        workspace = bytes(kernels.tileWorkspaceBytes());
        pairs = Matrix.allocate(ElementType.I64, 1, sizes.left() * sizes.right());
        packLeft();
        packRight();
        tile = new Tile(
                new Panel(left, 0, sizes.left(), 0),
                new Panel(right, sizes.left(), sizes.right(), 0),
                samples,
                Sign.SIGNED);
    }

    private static Matrix neurons(long first, long count) {
        Matrix neurons = Matrix.allocate(ElementType.I32, 1, count);
        neurons.write(0, IntStream.range((int) first, (int) (first + count)).toArray(), 0, (int) count);
        return neurons;
    }

    private static Matrix bytes(long bytes) {
        return Matrix.allocate(ElementType.I64, 1, (bytes + Long.BYTES - 1) / Long.BYTES);
    }

    @Benchmark
    public double packLeft() {
        return kernels.pack(left, layer.standardised().view(), leftNeurons, Side.LEFT);
    }

    @Benchmark
    public double packRight() {
        return kernels.pack(right, layer.standardised().view(), rightNeurons, Side.RIGHT);
    }

    @Benchmark
    public long tile() {
        return kernels.correlateTile(pairs, workspace, tile, 0.9);
    }

    @TearDown
    public void close() {
        kernels.close();
        layer.close();
    }
}
