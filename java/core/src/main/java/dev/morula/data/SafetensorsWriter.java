package dev.morula.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a .safetensors file from matrices, which are streamed. */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 64;

    /**
     * One tensor of the file.
     *
     * @param shape its dimensions; their product is the number of elements of {@code data}
     * @param data floating elements, row by row
     */
    public record Tensor(String name, List<Long> shape, Matrix data) {
        public Tensor {
            shape = List.copyOf(shape);
            if (Shapes.count(name, shape) != data.rows() * data.columns()
                    || !data.type().isFloating()
                    || name.equals(SafetensorsHeader.METADATA)) {
                throw new IllegalArgumentException(String.format(
                        "tensor %s: %d x %d %s cannot be stored with shape %s",
                        name, data.rows(), data.columns(), data.type(), Shapes.format(shape)));
            }
        }

        /** A tensor of two dimensions, as a layer's weights are. */
        public static Tensor matrix(String name, Matrix data) {
            return new Tensor(name, List.of(data.rows(), data.columns()), data);
        }

        /** A tensor of one dimension, as a layer's biases are. */
        public static Tensor vector(String name, Matrix data) {
            return new Tensor(name, List.of(data.rows() * data.columns()), data);
        }
    }

    private SafetensorsWriter() {}

    /** Writes {@code tensors} in that order, and the strings {@code metadata}; the file appears whole or not at all. */
    public static void write(Path target, List<Tensor> tensors, Map<String, String> metadata) {
        byte[] header = header(tensors, metadata);
        try (OutputFile file = OutputFile.create(target)) {
            file.write(header, header.length);
            for (Tensor tensor : tensors) {
                Elements.of(List.of(tensor.data())).forEachChunk(file::write);
            }
            file.commit();
        }
    }

    private static byte[] header(List<Tensor> tensors, Map<String, String> metadata) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (!metadata.isEmpty()) {
            json.put(SafetensorsHeader.METADATA, metadata);
        }
        long begin = 0;
        for (Tensor tensor : tensors) {
            ElementType type = tensor.data().type();
            long end = begin + tensor.data().bytes();
            Object entry = entry(type.name(), tensor.shape(), begin, end);
            if (json.put(tensor.name(), entry) != null) {
                throw new IllegalArgumentException("two tensors are named " + tensor.name());
            }
            begin = end;
        }
        return padded(json);
    }

    private static Map<String, Object> entry(String dtype, List<Long> shape, long begin, long end) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("dtype", dtype);
        entry.put("shape", shape);
        entry.put("data_offsets", List.of(begin, end));
        return entry;
    }

    /** Length, JSON and spaces, so that the first tensor is aligned. */
    private static byte[] padded(Map<String, Object> json) {
        byte[] text = text(json).getBytes(StandardCharsets.UTF_8);
        int total = (Long.BYTES + text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(total - Long.BYTES).put(text);
        Arrays.fill(header.array(), header.position(), total, (byte) ' ');
        return header.array();
    }

    private static String text(Map<String, Object> json) {
        try {
            return JsonMapper.builder().build().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
