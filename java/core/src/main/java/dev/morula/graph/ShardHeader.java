package dev.morula.graph;

import dev.morula.correlate.RowRange;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a shard holds: the edges whose smaller neuron is in {@code rows}, of a layer of {@code neurons}.
 *
 * @param key hexadecimal; shards of one key, and no others, belong together (see {@code dev.morula.data.InputKey})
 * @param neurons all neurons of the layer, W
 * @param rows part of 0 to W
 * @param settings what the key stands for, for messages: threshold, metric and so on, in the order in which it is shown
 */
public record ShardHeader(String key, int neurons, RowRange rows, Map<String, String> settings) {
    public ShardHeader {
        if (!key.matches("[0-9a-f]{1,128}")) {
            throw new IllegalArgumentException("the key " + key + " is not hexadecimal");
        } else if (rows.end() > neurons) {
            throw new IllegalArgumentException("rows " + rows + " of " + neurons + " neurons");
        }
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings)); // Map.copyOf would lose the order
    }

    /** In a sentence, in what settings {@code other} is not as {@code mine}: "threshold is 0.8, not 0.9". */
    static String difference(Map<String, String> other, Map<String, String> mine) {
        Map<String, String> all = new LinkedHashMap<>(mine);
        other.forEach(all::putIfAbsent);
        String differing = all.keySet().stream()
                .filter(name -> !all.get(name).equals(other.get(name)) || !mine.containsKey(name))
                .map(name -> String.format(
                        "%s is %s, not %s",
                        name, other.getOrDefault(name, "not set"), mine.getOrDefault(name, "unset")))
                .reduce((one, next) -> one + "; " + next)
                .orElse("");
        return differing.isEmpty()
                ? "the settings are the same, but the input or the version of Morula is not"
                : differing;
    }
}
