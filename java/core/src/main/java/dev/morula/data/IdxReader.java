package dev.morula.data;

import dev.morula.MorulaException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipException;

/**
 * Reads one IDX file of unsigned bytes, MNIST's format: two zero bytes, the element type, the number of dimensions, the
 * dimensions big-endian, the elements.
 */
final class IdxReader {
    private static final int UNSIGNED_BYTE = 8;

    /** The dimensions and elements of an IDX file. */
    record Array(List<Integer> dimensions, byte[] bytes) {}

    private IdxReader() {}

    /** Reads all of {@code stream}, which must hold exactly one array of so many dimensions; errors name {@code owner}. */
    static Array read(InputStream stream, String owner, int dimensions) {
        try (DataInputStream in = new DataInputStream(stream)) {
            int magic = in.readInt();
            int expected = UNSIGNED_BYTE << 8 | dimensions;
            if (magic != expected) {
                throw MorulaException.input(
                        "%s: is not an IDX file of %d dimensions of bytes: it begins with %08x, not %08x",
                        owner, dimensions, magic, expected);
            }
            Integer[] lengths = new Integer[dimensions];
            for (int i = 0; i < dimensions; i++) {
                lengths[i] = in.readInt();
            }
            return new Array(List.of(lengths), body(in, owner, lengths));
        } catch (EOFException e) {
            throw MorulaException.input("%s: is truncated: it ends inside its header", owner);
        } catch (ZipException e) {
            throw MorulaException.input("%s: is not a sound gzip file: %s", owner, e.getMessage());
        } catch (IOException e) {
            throw new MorulaException(MorulaException.Kind.INPUT, owner + ": could not be read: " + e, e);
        }
    }

    private static byte[] body(InputStream in, String owner, Integer[] lengths) throws IOException {
        long count = 1;
        for (int length : lengths) {
            count = length < 1 || count > Integer.MAX_VALUE ? -1 : count * length;
            if (count < 0) {
                break;
            }
        }
        if (count < 0 || count > Integer.MAX_VALUE - 8) {
            throw MorulaException.input("%s: claims the impossible shape %s", owner, Arrays.toString(lengths));
        }
        byte[] bytes = readUpTo(in, count, owner);
        if (bytes.length < count || in.read() >= 0) {
            throw MorulaException.input(
                    "%s: %s: shape %s takes %d bytes after the header",
                    owner,
                    bytes.length < count ? "is truncated, it has only " + bytes.length + " of them" : "is too long",
                    Arrays.toString(lengths),
                    count);
        }
        return bytes;
    }

    /** A gzip stream that breaks off is as short as a plain file. */
    private static byte[] readUpTo(InputStream in, long count, String owner) throws IOException {
        try {
            return in.readNBytes((int) count);
        } catch (EOFException e) {
            throw MorulaException.input("%s: is truncated: its compressed data break off", owner);
        }
    }
}
