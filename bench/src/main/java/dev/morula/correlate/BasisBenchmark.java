package dev.morula.correlate;

import dev.morula.BenchmarkKernels;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.ScreenKernels;
import dev.morula.kernel.ScreenKernels.Slots;
import dev.morula.kernel.Workers;
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

/** Directions of a layer from all of its neurons, and the neurons' projections on them, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class BasisBenchmark {
    @Param({"portable", "best"})
    public String tier;

    @Param("512")
    public int neurons;

    @Param("2560")
    public int samples;

    @Param("61")
    public int rank;

    private Kernels kernels;
    private Workers workers;
    private BenchmarkLayer layer;
    private PrincipalBasis basis;
    private Slots slots;
    private Matrix piece;

    @Setup
    public void open() {
        kernels = BenchmarkKernels.open(tier);
        workers = new Workers(1);
        layer = new BenchmarkLayer(neurons, samples, kernels, workers);
        basis = find();
        slots = Slots.all(neurons);
        piece = Matrix.allocate(ElementType.F32, neurons, ScreenKernels.PIECE);
    }

    private PrincipalBasis find() {
        return PrincipalBasis.of(layer.standardised(), neurons, rank, kernels, workers);
    }

    @Benchmark
    public int directions() {
        try (PrincipalBasis found = find()) {
            return found.rank();
        }
    }

    @Benchmark
    public float project() {
        try (Matrix projections = Projections.of(
                layer.standardised(),
                layer.standardised().correlated(),
                basis.first(basis.rank()),
                kernels,
                workers,
                Progress.NONE)) {
            return projections.row(0)[0];
        }
    }

    /** A piece of all neurons: what projecting and refining begin with. */
    @Benchmark
    public void standardise() {
        kernels.screen().standardise(piece, layer.standardised().view(), slots, 0);
    }

    @TearDown
    public void close() {
        piece.close();
        slots.slots().close();
        basis.close();
        layer.close();
        workers.close();
        kernels.close();
    }
}
