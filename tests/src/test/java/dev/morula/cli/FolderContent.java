package dev.morula.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What lies in a folder: every file, hidden ones too, with a hash of its bytes. */
record FolderContent(Map<String, Integer> files) {
    static FolderContent of(Path folder) {
        Map<String, Integer> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.forEach(path -> files.put(folder.relativize(path).toString(), hash(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new FolderContent(files);
    }

    private static int hash(Path path) {
        try {
            return Files.isRegularFile(path) ? Arrays.hashCode(Files.readAllBytes(path)) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
