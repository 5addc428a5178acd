package dev.morula.redundancy.depth;

import dev.morula.network.HiddenLayer;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Tap;
import java.util.List;

/** Where depth is measured (Galanti et al.): what linear layers and convolutions put out, before batch norm and ReLU. */
public final class Taps {
    private Taps() {}

    /** One tap for each linear layer and convolution but the read-out, first to last. */
    public static List<Tap> of(NetworkDefinition network) {
        return HiddenLayer.of(network).stream()
                .map(layer -> Tap.of(network, "module:" + layer.product()))
                .toList();
    }
}
