package dev.morula.redundancy.depth;

import dev.morula.network.HiddenLayer;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Tap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where depth is measured (Galanti et al.): what linear layers and convolutions put out, before batch norm and ReLU. */
public final class Taps {
    private Taps() {}

    /**
     * By the name that {@link Tap#hidden} gives the layer, first to last, one tap for each linear layer and convolution but
     * the read-out. Projections of shortcuts are left out: they lie beside the layers of their block, not after them.
     */
    public static Map<String, Tap> of(NetworkDefinition network) {
        List<HiddenLayer> layers = HiddenLayer.of(network);
        List<Tap> outputs = Tap.hidden(network);
        Map<String, Tap> taps = new LinkedHashMap<>();
        for (int index = 0; index < layers.size(); index++) {
            if (!layers.get(index).isShortcut()) {
                String product = "module:" + layers.get(index).product();
                taps.put(outputs.get(index).name(), Tap.of(network, product));
            }
        }
        return taps;
    }
}
