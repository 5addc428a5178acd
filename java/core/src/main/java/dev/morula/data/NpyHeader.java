package dev.morula.data;

import dev.morula.MorulaException;
import dev.morula.data.StoredArray.Order;
import dev.morula.kernel.ElementType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The header of an .npy array, versions 1.0, 2.0 and 3.0
 * (<a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">numpy.lib.format</a>).
 *
 * @param descr NumPy's type string, such as {@code <f4}
 * @param order order of the elements
 * @param shape lengths of the dimensions
 * @param bytes length of the header itself: what comes before the first element
 */
record NpyHeader(String descr, Order order, List<Long> shape, int bytes) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST = 1 << 20; // NumPy itself refuses headers from 10,000 characters on
    private static final int ALIGNMENT = 64;
    private static final Set<String> KEYS = Set.of("descr", "fortran_order", "shape");
    private static final Map<String, ElementType> TYPES = Map.of(
            "<f2", ElementType.F16,
            "<f4", ElementType.F32,
            "<f8", ElementType.F64,
            "<i4", ElementType.I32,
            "<i8", ElementType.I64);

    /** Reads the header that {@code in} begins with; {@code owner} is what errors name. */
    static NpyHeader read(InputStream in, String owner) throws IOException {
        byte[] start = in.readNBytes(MAGIC.length + 2);
        int known = Math.min(start.length, MAGIC.length);
        if (!Arrays.equals(start, 0, known, MAGIC, 0, known)) {
            throw MorulaException.input(
                    "%s: is not an .npy array: it does not begin with \\x93NUMPY (numpy.save makes one; of other files, "
                            + "those named .safetensors are read)",
                    owner);
        }
        requireWhole(start, MAGIC.length + 2, owner);
        int version = start[MAGIC.length];
        if (version < 1 || version > 3) {
            throw MorulaException.input("%s: has .npy version %d; 1, 2 and 3 are known", owner, version);
        }
        byte[] lengthField = requireWhole(in.readNBytes(version == 1 ? 2 : 4), version == 1 ? 2 : 4, owner);
        long length = unsigned(lengthField);
        if (length > LONGEST) {
            throw MorulaException.input("%s: claims a header of %d bytes, which no array has", owner, length);
        }
        byte[] text = requireWhole(in.readNBytes((int) length), (int) length, owner);
        int bytes = start.length + lengthField.length + text.length;
        var charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        return parse(new String(text, charset), bytes, owner);
    }

    private static byte[] requireWhole(byte[] bytes, int length, String owner) {
        if (bytes.length < length) {
            throw MorulaException.input("%s: is truncated: it ends inside its header", owner);
        }
        return bytes;
    }

    private static long unsigned(byte[] littleEndian) {
        long value = 0;
        for (int i = littleEndian.length - 1; i >= 0; i--) {
            value = value << 8 | littleEndian[i] & 0xff;
        }
        return value;
    }

    private static NpyHeader parse(String text, int bytes, String owner) {
        try {
            Map<String, Object> entries = PythonDictionary.parse(text);
            if (entries.keySet().equals(KEYS)
                    && entries.get("descr") instanceof String descr
                    && entries.get("fortran_order") instanceof Boolean fortran
                    && entries.get("shape") instanceof List<?> shape) {
                List<Long> lengths = shape.stream().map(Long.class::cast).toList();
                return new NpyHeader(descr, fortran ? Order.FORTRAN : Order.C, lengths, bytes);
            }
        } catch (IllegalArgumentException e) {
            throw MorulaException.input("%s: its header is not that of a plain array: %s", owner, e.getMessage());
        }
        throw MorulaException.input(
                "%s: its header must give descr, fortran_order and shape, but is %s", owner, text.strip());
    }

    /** The element type, or an error that names {@code owner}. */
    ElementType type(String owner) {
        ElementType type = TYPES.get(descr);
        if (type != null) {
            return type;
        }
        String what =
                switch (descr.length() < 2 ? ' ' : descr.charAt(1)) {
                    case 'O' -> "Python objects";
                    case 'c' -> "complex numbers";
                    default -> descr.startsWith(">") ? "big-endian elements" : "elements";
                };
        throw MorulaException.input(
                "%s: has %s of type \"%s\"; little-endian f2, f4 and f8 are read (numpy: array.astype(\"<f4\"))",
                owner, what, descr);
    }

    /** The whole header of an array of that type and shape in C order, padded as NumPy pads it. */
    static byte[] format(String descr, List<Long> shape) {
        String text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + Shapes.format(shape) + ", }";
        int prefix = MAGIC.length + 4;
        int total = (prefix + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (total - prefix));
        header.put(text.getBytes(StandardCharsets.US_ASCII));
        Arrays.fill(header.array(), header.position(), total - 1, (byte) ' ');
        header.array()[total - 1] = '\n';
        return header.array();
    }

    /** NumPy's type string of {@code type}. */
    static String descr(ElementType type) {
        return switch (type) {
            case F16 -> "<f2";
            case F32 -> "<f4";
            case F64 -> "<f8";
            case I32 -> "<i4";
            case I64 -> "<i8";
            case BF16 -> throw new IllegalArgumentException("NumPy has no bfloat16");
        };
    }
}
