package dev.morula.data;

import dev.morula.MorulaException;
import dev.morula.data.StoredArray.Order;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/** An .npy file whose numbers are read into the Java heap: of the types that data sets come in, bytes among them. */
final class NumberFile implements AutoCloseable {
    private static final int CHUNK = 1 << 16;

    private final InputFile input;
    private final InputStream stream;
    private final NpyHeader header;
    private final int elementBytes;

    private NumberFile(InputFile input, InputStream stream, NpyHeader header) {
        this.input = input;
        this.stream = stream;
        this.header = header;
        this.elementBytes = elementBytes();
    }

    static NumberFile open(Path path) {
        InputFile input = InputFile.open(path);
        try {
            InputStream stream = input.stream(0);
            NumberFile file = new NumberFile(input, stream, NpyHeader.read(stream, path.toString()));
            file.requireReadable();
            return file;
        } catch (IOException e) {
            input.close();
            throw InputFile.failure(path, e);
        } catch (RuntimeException e) {
            input.close();
            throw e;
        }
    }

    private int elementBytes() {
        String descr = header.descr();
        return descr.matches("[<|][iuf][1248]") ? descr.charAt(2) - '0' : 0;
    }

    private void requireReadable() {
        if (elementBytes == 0) {
            throw MorulaException.input(
                    "%s: has elements of type \"%s\"; little-endian f2, f4, f8, u1 and whole numbers are read",
                    name(), header.descr());
        } else if (header.order() == Order.FORTRAN) {
            throw MorulaException.input(
                    "%s: is in Fortran order; C order is needed (numpy.ascontiguousarray makes it)", name());
        }
        Npy.requireBody(name(), header, elementBytes, input.size() - header.bytes());
    }

    String name() {
        return input.path().toString();
    }

    List<Long> shape() {
        return header.shape();
    }

    /** All numbers: bytes where they are u1, else floats, which must be finite. */
    Values values() {
        int count = Math.toIntExact(Shapes.count(name(), header.shape()));
        if (header.descr().charAt(1) == 'u' && elementBytes == 1) {
            return new Values.Bytes(read(count).array());
        } else if (header.descr().charAt(1) != 'f') {
            throw MorulaException.input(
                    "%s: has elements of type \"%s\"; x must be floating or u1", name(), header.descr());
        }
        float[] numbers = new float[count];
        for (int first = 0; first < count; first += CHUNK) {
            ByteBuffer bytes = read(Math.min(CHUNK, count - first));
            for (int i = first; bytes.hasRemaining(); i++) {
                numbers[i] = finite(bytes, i, count);
            }
        }
        return new Values.Floats(numbers);
    }

    private float finite(ByteBuffer bytes, int number, int count) {
        double value =
                switch (elementBytes) {
                    case 2 -> half(bytes.getShort());
                    case 4 -> bytes.getFloat();
                    default -> bytes.getDouble();
                };
        if (!Float.isFinite((float) value)) {
            int size = count / Math.toIntExact(header.shape().get(0));
            throw MorulaException.input(
                    "%s: number %d of sample %d is %s; all must be finite in float32",
                    name(), number % size, number / size, value);
        }
        return (float) value;
    }

    /** A number of IEEE 754's binary16. */
    private static double half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        double magnitude =
                switch (exponent) {
                    case 0 -> fraction * 0x1p-24;
                    case 0x1f -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
                    default -> Math.scalb(1024.0 + fraction, exponent - 25);
                };
        return bits < 0 ? -magnitude : magnitude;
    }

    /** All numbers of a vector, which must be from 0 to below {@code classes}. */
    int[] labels(int classes) {
        if (header.shape().size() != 1
                || header.descr().charAt(1) == 'f'
                || header.shape().get(0) < 1) {
            throw MorulaException.input(
                    "%s: has shape %s of %s; a vector of whole numbers, one a sample, is needed",
                    name(), Shapes.format(header.shape()), header.descr());
        }
        int[] labels = new int[Math.toIntExact(header.shape().get(0))];
        for (int first = 0; first < labels.length; first += CHUNK) {
            ByteBuffer bytes = read(Math.min(CHUNK, labels.length - first));
            for (int i = first; bytes.hasRemaining(); i++) {
                long label = integer(bytes);
                if (label < 0 || label >= classes) {
                    throw MorulaException.input(
                            "%s: sample %d has label %d; labels are from 0 to %d", name(), i, label, classes - 1L);
                }
                labels[i] = (int) label;
            }
        }
        return labels;
    }

    private long integer(ByteBuffer bytes) {
        boolean signed = header.descr().charAt(1) == 'i';
        return switch (elementBytes) {
            case 1 -> signed ? bytes.get() : Byte.toUnsignedInt(bytes.get());
            case 2 -> signed ? bytes.getShort() : Short.toUnsignedInt(bytes.getShort());
            case 4 -> signed ? bytes.getInt() : Integer.toUnsignedLong(bytes.getInt());
            default -> bytes.getLong();
        };
    }

    private ByteBuffer read(int count) {
        byte[] bytes = new byte[Math.multiplyExact(count, elementBytes)];
        try {
            if (stream.readNBytes(bytes, 0, bytes.length) < bytes.length) {
                throw MorulaException.input("%s: became shorter while it was read", name());
            }
        } catch (IOException e) {
            throw InputFile.failure(input.path(), e);
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() {
        input.close();
    }
}
