package dev.morula.data;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** SHA-256 of files and of arrays in them: what a result was computed from. */
public final class Sha256 {
    private static final int CHUNK = 1 << 20;

    private Sha256() {}

    /** Of a whole file, in lower-case hexadecimal digits, as {@code sha256sum} prints it. */
    public static String ofFile(Path file, LongConsumer progress) {
        try (InputFile input = InputFile.open(file)) {
            return of(input, 0, input.size(), progress);
        }
    }

    /** Of the elements of {@code array} as they lie in the file. */
    public static String ofArray(StoredArray array, LongConsumer progress) {
        try (InputFile input = InputFile.open(array.file())) {
            return of(input, array.offset(), array.bytes(), progress);
        }
    }

    /** @param progress is told how many bytes were hashed since it was last told */
    private static String of(InputFile input, long offset, long bytes, LongConsumer progress) {
        MessageDigest digest = digest();
        for (long done = 0; done < bytes; ) {
            int length = (int) Math.min(CHUNK, bytes - done);
            digest.update(input.read(offset + done, length, "array"));
            progress.accept(length);
            done += length;
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
