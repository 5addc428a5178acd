package dev.morula.data;

import dev.morula.MorulaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Room on a disk. */
public final class DiskSpace {
    private DiskSpace() {}

    /** Bytes that can still be written to the disk of {@code target}'s folder, which must exist. */
    public static long available(Path target) {
        try {
            return Files.getFileStore(target.toAbsolutePath().getParent()).getUsableSpace();
        } catch (IOException e) {
            throw InputFile.failure(target, e);
        }
    }

    /** Fails with kind RESOURCES if fewer than {@code bytes} can be written to the disk of {@code target}'s folder. */
    public static void require(Path target, long bytes) {
        long available = available(target);
        if (available < bytes) {
            throw MorulaException.resources(
                    "%s: needs %,d bytes on its disk, but %,d are available", target, bytes, available);
        }
    }
}
