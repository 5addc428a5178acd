package dev.morula.cli;

import dev.morula.correlate.RowRange;
import dev.morula.data.InputKey;
import dev.morula.data.TensorPath;
import dev.morula.graph.ShardHeader;
import dev.morula.kernel.Sign;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What decides which edges a layer has: shards with equal keys can be merged, and a journal with an equal key gone on with.
 * Neither the way the work is done nor what is written of the edges is part of it.
 */
record ResultKey(String key, Map<String, String> settings) {
    static ResultKey of(CorrelateStage.Request request) {
        List<TensorPath> paths = request.input().stream().map(TensorPath::parse).toList();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("threshold", String.valueOf(request.threshold()));
        settings.put("metric", request.metric().name().toLowerCase(Locale.ROOT));
        settings.put("abs", String.valueOf(request.sign() == Sign.ABSOLUTE));
        settings.put("layout", request.layout().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        List<String> options = new ArrayList<>();
        settings.forEach((name, value) -> options.add(name + " " + value));
        paths.forEach(path -> options.add(
                "tensor " + path.open().name().substring(path.file().toString().length())));
        return new ResultKey(InputKey.of(paths.stream().map(TensorPath::file).toList(), options), settings);
    }

    /** The header of a shard of {@code rows} of {@code neurons}. */
    ShardHeader header(int neurons, RowRange rows) {
        return new ShardHeader(key, neurons, rows, settings);
    }
}
