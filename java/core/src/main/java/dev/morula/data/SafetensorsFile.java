package dev.morula.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.morula.MorulaException;
import dev.morula.data.SafetensorsHeader.Tensor;
import dev.morula.data.StoredArray.Order;
import dev.morula.kernel.ElementType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of a .safetensors file (<a href="https://huggingface.co/docs/safetensors">format</a>): eight bytes of header
 * length, a JSON header, then the tensors without gaps. Opening checks the whole header against the file.
 */
public final class SafetensorsFile {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Map<String, ElementType> TYPES = Map.of(
            "F16", ElementType.F16,
            "BF16", ElementType.BF16,
            "F32", ElementType.F32,
            "F64", ElementType.F64,
            "I32", ElementType.I32,
            "I64", ElementType.I64);

    private final Path file;
    private final long dataOffset;
    private final SafetensorsHeader header;

    private SafetensorsFile(Path file, long dataOffset, SafetensorsHeader header) {
        this.file = file;
        this.dataOffset = dataOffset;
        this.header = header;
    }

    /** Reads and checks the header; throws {@link MorulaException} of kind INPUT if it is not sound. */
    public static SafetensorsFile open(Path file) {
        try (InputFile input = InputFile.open(file)) {
            long length = input.read(0, Long.BYTES, "header").getLong();
            if (length < 2 || length > SafetensorsHeader.LONGEST) {
                throw MorulaException.input(
                        "%s: is not a .safetensors file: it claims a header of %s bytes",
                        file, Long.toUnsignedString(length));
            }
            String text = StandardCharsets.UTF_8
                    .decode(input.read(Long.BYTES, (int) length, "header"))
                    .toString();
            long dataOffset = Long.BYTES + length;
            return new SafetensorsFile(file, dataOffset, parse(file, text, input.size() - dataOffset));
        }
    }

    private static SafetensorsHeader parse(Path file, String text, long bodyBytes) {
        try {
            JsonNode json = JSON.readTree(text);
            return SafetensorsHeader.of(file.toString(), json, bodyBytes);
        } catch (JsonProcessingException e) {
            throw MorulaException.input("%s: its header is not JSON: %s", file, e.getOriginalMessage());
        }
    }

    /** The names of all tensors, in the order of the header. */
    public Set<String> names() {
        return header.tensors().keySet();
    }

    /** The strings that were stored beside the tensors. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** Name and shape of each tensor that can be a matrix of activations: two dimensions, floating. */
    public Map<String, List<Long>> matrices() {
        Map<String, List<Long>> matrices = new LinkedHashMap<>();
        header.tensors().forEach((name, tensor) -> {
            ElementType type = TYPES.get(tensor.dtype());
            if (type != null && type.isFloating() && tensor.shape().size() == 2) {
                matrices.put(name, tensor.shape());
            }
        });
        return matrices;
    }

    /** The tensor of that name: F16, BF16, F32, F64, I32 or I64. */
    public StoredArray tensor(String name) {
        Tensor tensor = header.tensors().get(name);
        if (tensor == null) {
            throw MorulaException.input("%s: has no tensor \"%s\"; it has %s", file, name, String.join(", ", names()));
        }
        ElementType type = TYPES.get(tensor.dtype());
        if (type == null) {
            throw MorulaException.input(
                    "%s: tensor \"%s\" has type %s; F16, BF16, F32 and F64 are read", file, name, tensor.dtype());
        }
        return new StoredArray(file, file + ":" + name, type, Order.C, tensor.shape(), dataOffset + tensor.begin());
    }
}
