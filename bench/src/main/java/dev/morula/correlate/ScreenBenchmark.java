package dev.morula.correlate;

import dev.morula.BenchmarkKernels;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Panel;
import dev.morula.kernel.Kernels.PanelSizes;
import dev.morula.kernel.Kernels.Side;
import dev.morula.kernel.Kernels.Tile;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.ScreenKernels.Screen;
import dev.morula.kernel.ScreenKernels.Sense;
import dev.morula.kernel.Sign;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

/** One tile of few numbers a row, of the largest size, on one thread; nearly no pair passes, as where a screen pays. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class ScreenBenchmark {
    private static final double THRESHOLD = 0.9;

    @Param({"portable", "best"})
    public String tier;

    @Param("61")
    public int rank;

    private Kernels kernels;
    private Matrix projections;
    private Matrix left;
    private Matrix negated;
    private Matrix right;
    private Matrix workspace;
    private Matrix pairs;
    private ScreenRows rows;
    private PanelSizes sizes;
    private Tile tile;
    private Tile bothSigns;
    private double cut;

    @Setup
    public void open() {
        kernels = BenchmarkKernels.open(tier);
        sizes = kernels.panelSizes();
        projections = directions((int) (sizes.left() + sizes.right()));
        Screen screen = new Screen(rank, 1e-6, 1e-5, Sense.CORRELATION);
        int[] places = IntStream.range(0, (int) projections.rows()).toArray();
        rows = new ScreenRows(projections, places, screen, THRESHOLD, Sign.ABSOLUTE, kernels);
        left = bytes(kernels.packedBytes(Side.LEFT, sizes.left(), rows.columns()));
        negated = bytes(kernels.packedBytes(Side.LEFT, sizes.left(), rows.columns()));
        right = bytes(kernels.packedBytes(Side.RIGHT, sizes.right(), rows.columns()));
        workspace = bytes(kernels.tileWorkspaceBytes());
        pairs = Matrix.allocate(ElementType.I64, 2, sizes.left() * sizes.right());
        rows.pack(negated, 0, sizes.left(), Side.LEFT, Sense.NEGATED_CORRELATION);
        Panel leftPanel = new Panel(left, 0, sizes.left(), packLeft());
        Panel rightPanel = new Panel(right, sizes.left(), sizes.right(), packRight());
        tile = new Tile(leftPanel, rightPanel, rows.columns(), Sign.SIGNED);
        bothSigns = new Tile(leftPanel, negated, rightPanel, rows.columns(), Sign.SIGNED, null);
        cut = rows.cut(leftPanel.error(), rightPanel.error());
    }

    /** Projections that hold 0.95 of a neuron's norm. */
    private Matrix directions(int count) {
        Random random = new Random(1);
        Matrix made = Matrix.allocate(ElementType.F32, count, rank);
        float[] row = new float[rank];
        for (int i = 0; i < count; i++) {
            double squares = 0;
            for (int k = 0; k < rank; k++) {
                row[k] = (float) random.nextGaussian();
                squares += row[k] * row[k];
            }
            for (int k = 0; k < rank; k++) {
                row[k] *= (float) (0.95 / Math.sqrt(squares));
            }
            made.write((long) i * rank, row, 0, rank);
        }
        return made;
    }

    private static Matrix bytes(long bytes) {
        return Matrix.allocate(ElementType.I64, 1, (bytes + Long.BYTES - 1) / Long.BYTES);
    }

    @Benchmark
    public double packLeft() {
        return rows.pack(left, 0, sizes.left(), Side.LEFT, Sense.CORRELATION);
    }

    @Benchmark
    public double packRight() {
        return rows.pack(right, sizes.left(), sizes.right(), Side.RIGHT, Sense.CORRELATION);
    }

    @Benchmark
    public long tile() {
        return kernels.correlateTile(pairs, workspace, tile, cut);
    }

    /** The same with a second left panel, for negative correlations. */
    @Benchmark
    public long tileOfBothSigns() {
        return kernels.correlateTile(pairs, workspace, bothSigns, cut);
    }

    @TearDown
    public void close() {
        projections.close();
        left.close();
        negated.close();
        right.close();
        workspace.close();
        pairs.close();
        kernels.close();
    }
}
