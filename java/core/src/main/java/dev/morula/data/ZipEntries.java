package dev.morula.data;

import dev.morula.MorulaException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the entries of a zip file lie, zip64 included (PKWARE APPNOTE 4.3). {@link java.util.zip.ZipFile} reads entries but
 * does not tell their offset, which mapping them in place needs.
 */
final class ZipEntries {
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END64 = 0x06064b50;
    private static final int LOCATOR64 = 0x07064b50;
    private static final int LOCAL_BYTES = 30;
    private static final int CENTRAL_BYTES = 46;
    private static final int END_BYTES = 22;
    private static final int END64_BYTES = 56;
    private static final int LOCATOR64_BYTES = 20;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final long IN_ZIP64 = 0xffffffffL;
    private static final int ENCRYPTED = 1;

    static final int STORED = 0;
    static final int DEFLATED = 8;

    /** One entry: {@code storedBytes} from {@code offset} on hold {@code bytes}, compressed by {@code method}. */
    record Entry(String name, int method, long crc, long storedBytes, long bytes, long offset) {}

    private final InputFile file;

    private ZipEntries(InputFile file) {
        this.file = file;
    }

    /** All entries by name. */
    static Map<String, Entry> read(InputFile file) {
        return new ZipEntries(file).entries();
    }

    private Map<String, Entry> entries() {
        ByteBuffer central = centralDirectory();
        Map<String, Entry> entries = new LinkedHashMap<>();
        while (central.hasRemaining()) {
            Entry entry = entry(central);
            if (entries.put(entry.name(), entry) != null) {
                throw broken("two entries are named " + entry.name());
            }
        }
        return entries;
    }

    private ByteBuffer centralDirectory() {
        long end = findEnd();
        ByteBuffer record = file.read(end, END_BYTES, "zip directory");
        long bytes = Integer.toUnsignedLong(record.getInt(12));
        long offset = Integer.toUnsignedLong(record.getInt(16));
        if (offset == IN_ZIP64 || bytes == IN_ZIP64) {
            ByteBuffer record64 = end64(end);
            bytes = record64.getLong(40);
            offset = record64.getLong(48);
        }
        if (offset < 0 || bytes < 0 || bytes > Integer.MAX_VALUE || offset > end - bytes) {
            throw broken("its directory is not where it claims");
        }
        return file.read(offset, (int) bytes, "zip directory");
    }

    private long findEnd() {
        int tail = (int) Math.min(file.size(), END_BYTES + LONGEST_COMMENT);
        ByteBuffer bytes = file.read(file.size() - tail, tail, "zip directory");
        for (int at = tail - END_BYTES; at >= 0; at--) {
            if (bytes.getInt(at) == END && at + END_BYTES + Short.toUnsignedInt(bytes.getShort(at + 20)) == tail) {
                return file.size() - tail + at;
            }
        }
        throw MorulaException.input(
                "%s: is not an .npz archive, or is truncated: it has no zip directory", file.path());
    }

    private ByteBuffer end64(long end) {
        ByteBuffer locator = file.read(end - LOCATOR64_BYTES, LOCATOR64_BYTES, "zip directory");
        if (locator.getInt(0) == LOCATOR64) {
            ByteBuffer record = file.read(locator.getLong(8), END64_BYTES, "zip directory");
            if (record.getInt(0) == END64) {
                return record;
            }
        }
        throw broken("its zip64 directory is missing");
    }

    private Entry entry(ByteBuffer central) {
        int at = central.position();
        if (central.remaining() < CENTRAL_BYTES || central.getInt(at) != CENTRAL) {
            throw broken("its directory is damaged");
        }
        int nameBytes = Short.toUnsignedInt(central.getShort(at + 28));
        int extraBytes = Short.toUnsignedInt(central.getShort(at + 30));
        int commentBytes = Short.toUnsignedInt(central.getShort(at + 32));
        if (central.remaining() < CENTRAL_BYTES + nameBytes + extraBytes + commentBytes) {
            throw broken("its directory is damaged");
        }
        String name = new String(central.array(), at + CENTRAL_BYTES, nameBytes, StandardCharsets.UTF_8);
        long[] wide = {
            Integer.toUnsignedLong(central.getInt(at + 24)), // bytes, stored bytes, offset: the order of zip64 fields
            Integer.toUnsignedLong(central.getInt(at + 20)),
            Integer.toUnsignedLong(central.getInt(at + 42))
        };
        widen(central, at + CENTRAL_BYTES + nameBytes, extraBytes, wide);
        central.position(at + CENTRAL_BYTES + nameBytes + extraBytes + commentBytes);
        if ((central.getShort(at + 8) & ENCRYPTED) != 0) {
            throw broken("entry " + name + " is encrypted");
        }
        int method = Short.toUnsignedInt(central.getShort(at + 10));
        long crc = Integer.toUnsignedLong(central.getInt(at + 16));
        return checked(new Entry(name, method, crc, wide[1], wide[0], dataOffset(name, wide[2])));
    }

    /** Replaces the fields that do not fit 32 bits by those of the zip64 extra field. */
    private void widen(ByteBuffer central, int from, int length, long[] fields) {
        int at = from;
        while (at + 4 <= from + length && central.getShort(at) != 1) {
            at += 4 + Short.toUnsignedInt(central.getShort(at + 2));
        }
        at += 4;
        for (int i = 0; i < fields.length; i++) {
            if (fields[i] == IN_ZIP64) {
                if (at + Long.BYTES > from + length) {
                    throw broken("its directory is damaged");
                }
                fields[i] = central.getLong(at);
                at += Long.BYTES;
            }
        }
    }

    /** The local header repeats name and extra field, with lengths of its own. */
    private long dataOffset(String name, long header) {
        ByteBuffer local = file.read(header, LOCAL_BYTES, "entry " + name);
        if (local.getInt(0) != LOCAL) {
            throw broken("entry " + name + " is not where its directory says");
        }
        return header + LOCAL_BYTES + Short.toUnsignedInt(local.getShort(26)) + Short.toUnsignedInt(local.getShort(28));
    }

    private Entry checked(Entry entry) {
        if (entry.method != STORED && entry.method != DEFLATED) {
            throw broken("entry " + entry.name + " has compression method " + entry.method + "; deflate is known");
        } else if (entry.storedBytes < 0 || entry.bytes < 0 || entry.offset > file.size() - entry.storedBytes) {
            throw broken("entry " + entry.name + " is truncated");
        } else if (entry.method == STORED && entry.storedBytes != entry.bytes) {
            throw broken("entry " + entry.name + " has two lengths");
        }
        return entry;
    }

    private MorulaException broken(String what) {
        return MorulaException.input("%s: is a damaged zip archive: %s", file.path(), what);
    }
}
