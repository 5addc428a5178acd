package dev.morula.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.morula.MorulaException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON header of a .safetensors file, checked against the bytes that follow it. */
record SafetensorsHeader(Map<String, Tensor> tensors, Map<String, String> metadata) {
    /** The format's own limit, in bytes. */
    static final int LONGEST = 100_000_000;

    static final String METADATA = "__metadata__";

    // "F8" stands for F8_E4M3 and its kin; types of parts of a byte are not known here
    private static final Map<String, Integer> BYTES = Map.ofEntries(
            Map.entry("BOOL", 1),
            Map.entry("U8", 1),
            Map.entry("I8", 1),
            Map.entry("F8", 1),
            Map.entry("I16", 2),
            Map.entry("U16", 2),
            Map.entry("F16", 2),
            Map.entry("BF16", 2),
            Map.entry("I32", 4),
            Map.entry("U32", 4),
            Map.entry("F32", 4),
            Map.entry("I64", 8),
            Map.entry("U64", 8),
            Map.entry("F64", 8),
            Map.entry("C64", 8));

    /** One tensor: bytes {@code begin} to {@code end} after the header. */
    record Tensor(String dtype, List<Long> shape, long begin, long end) {}

    static SafetensorsHeader of(String file, JsonNode json, long bodyBytes) {
        if (!json.isObject()) {
            throw MorulaException.input("%s: its header is not a JSON object", file);
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (field.getKey().equals(METADATA)) {
                field.getValue()
                        .properties()
                        .forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
            } else {
                tensors.put(field.getKey(), tensor(file, field.getKey(), field.getValue()));
            }
        }
        requireNoGaps(file, tensors, bodyBytes);
        return new SafetensorsHeader(Collections.unmodifiableMap(tensors), Collections.unmodifiableMap(metadata));
    }

    private static Tensor tensor(String file, String name, JsonNode json) {
        String owner = file + ": tensor \"" + name + "\"";
        List<Long> offsets = numbers(json.path("data_offsets"));
        List<Long> shape = numbers(json.path("shape"));
        if (!json.path("dtype").isTextual() || shape == null || offsets == null || offsets.size() != 2) {
            throw MorulaException.input("%s: needs a dtype, a shape and two data_offsets", owner);
        }
        Tensor tensor = new Tensor(json.get("dtype").textValue(), shape, offsets.get(0), offsets.get(1));
        requireSize(owner, tensor);
        return tensor;
    }

    /** The whole numbers of a JSON list, or null if it is none. */
    private static List<Long> numbers(JsonNode json) {
        List<Long> numbers = new ArrayList<>();
        for (JsonNode element : json) {
            if (!element.isIntegralNumber() || !element.canConvertToLong()) {
                return null;
            }
            numbers.add(element.longValue());
        }
        return json.isArray() ? numbers : null;
    }

    private static void requireSize(String owner, Tensor tensor) {
        long count = Shapes.count(owner, tensor.shape());
        String family = tensor.dtype().replaceFirst("^F8_.*", "F8");
        Integer size = BYTES.get(family);
        long actual = tensor.end() - tensor.begin();
        if (tensor.begin() < 0 || actual < 0 || (size != null && actual != count * size)) {
            throw MorulaException.input(
                    "%s: shape %s of %s does not take the bytes from %d to %d",
                    owner, Shapes.format(tensor.shape()), tensor.dtype(), tensor.begin(), tensor.end());
        }
    }

    /** The format has tensors follow each other without gap or overlap and fill the file. */
    private static void requireNoGaps(String file, Map<String, Tensor> tensors, long bodyBytes) {
        List<Tensor> ordered = new ArrayList<>(tensors.values());
        ordered.sort(Comparator.comparingLong(Tensor::begin).thenComparingLong(Tensor::end));
        long end = 0;
        for (Tensor tensor : ordered) {
            if (tensor.begin() != end) {
                throw MorulaException.input(
                        "%s: its tensors %s at byte %d", file, tensor.begin() < end ? "overlap" : "leave a gap", end);
            }
            end = tensor.end();
        }
        if (end != bodyBytes) {
            throw MorulaException.input(
                    "%s: %s: its tensors take %d bytes, but %d follow the header",
                    file, bodyBytes < end ? "is truncated" : "has more bytes than its tensors", end, bodyBytes);
        }
    }
}
