package dev.morula.data;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** The content of an entry, inflated where need be, with its checksum. */
final class EntryStream implements AutoCloseable {
    final InputStream bytes;
    private final CRC32 checksum = new CRC32();
    private final Inflater inflater = new Inflater(true);
    private final long expected;

    EntryStream(InputFile file, ZipEntries.Entry entry) {
        InputStream raw = file.stream(entry.offset());
        InputStream content =
                entry.method() == ZipEntries.STORED ? raw : new InflaterInputStream(raw, inflater, 1 << 16);
        bytes = new CheckedInputStream(content, checksum);
        expected = entry.crc();
    }

    void skipHeader(NpyHeader header) throws IOException {
        read(new byte[header.bytes()], header.bytes());
    }

    void read(byte[] target, int length) throws IOException {
        if (bytes.readNBytes(target, 0, length) < length) {
            throw new IOException("it ends too early");
        }
    }

    void requireEnd() throws IOException {
        if (checksum.getValue() != expected) {
            throw new IOException("its checksum does not fit");
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
