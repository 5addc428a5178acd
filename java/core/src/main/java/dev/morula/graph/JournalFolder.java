package dev.morula.graph;

import dev.morula.MorulaException;
import dev.morula.data.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder that one run at a time may use; the lock ends with the process that holds it, however that ends. */
final class JournalFolder implements AutoCloseable {
    private static final String LOCK = "lock";

    private final Path path;
    private final LockFile lock;

    private JournalFolder(Path path, LockFile lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Makes the folder if it is not there, and locks it. */
    static JournalFolder open(Path path) {
        try {
            Files.createDirectories(path);
            return new JournalFolder(path, LockFile.lock(path.resolve(LOCK), path));
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    Path path() {
        return path;
    }

    List<Path> filesEndingIn(String suffix) {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    void deleteAll() {
        filesEndingIn("").forEach(JournalFolder::delete);
        close();
        delete(path);
    }

    private static MorulaException failure(Path file, IOException e) {
        return new MorulaException(
                MorulaException.Kind.RESOURCES, file + ": the journal of a run cannot be kept there: " + e, e);
    }

    @Override
    public void close() {
        lock.close();
    }
}
