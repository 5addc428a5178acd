package dev.morula.correlate;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Side;
import dev.morula.kernel.LayerView.Order;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.ScreenKernels.Sense;
import dev.morula.kernel.Sign;
import dev.morula.standardise.StandardisedLayer;
import java.util.List;

/** The standardised rows themselves: products are correlations, but for what rounding and adding up did to them. */
record LayerRows(StandardisedLayer layer, Positions positions, double threshold, Sign sign, Kernels kernels)
        implements PackedRows {
    @Override
    public long columns() {
        return layer.samples();
    }

    @Override
    public long packingBytes() {
        return layer.view().order() == Order.SAMPLE_MAJOR
                ? 2 * layer.samples() * layer.view().values().type().bytes()
                : 0;
    }

    @Override
    public List<Sense> senses() {
        return List.of(Sense.CORRELATION);
    }

    @Override
    public double pack(Matrix panel, long position, long rows, Side side, Sense sense) {
        if (layer.view().order() == Order.SAMPLE_MAJOR) {
            try (StandardisedLayer excerpt = layer.excerpt(positions.neurons(position, rows), kernels);
                    Positions all = Positions.all(excerpt.neurons())) {
                return kernels.pack(panel, excerpt.view(), all.list(), side);
            }
        }
        try (Matrix list = positions.list(position, rows)) {
            return kernels.pack(panel, layer.view(), list, side);
        }
    }

    @Override
    public double cut(double left, double right) {
        return threshold - kernels.tileBound(left, right, layer.samples());
    }
}
