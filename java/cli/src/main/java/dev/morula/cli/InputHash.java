package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.data.Sha256;
import dev.morula.data.StoredArray;
import dev.morula.data.TensorPath;
import dev.morula.kernel.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * A file that was read, such that it can be told from any other.
 *
 * @param path of the file
 * @param tensor name of the tensor; null for a file that has none
 * @param bytes size of the file
 * @param sha256 of the whole file
 * @param tensorBytes size of the tensor
 * @param tensorSha256 of the tensor's bytes as they lie in the file: the same in every file with the same values
 */
record InputHash(String path, String tensor, long bytes, String sha256, long tensorBytes, String tensorSha256) {
    private static final Stage HASH = new Stage("hash", Stage.Unit.BYTES);

    /** What a file was like when work on it began. */
    record Version(Path file, long bytes, FileTime modified) {
        static Version of(Path file) {
            try {
                return new Version(file, Files.size(file), Files.getLastModifiedTime(file));
            } catch (IOException e) {
                throw MorulaException.input("%s: cannot be read (%s)", file, e);
            }
        }

        /** Fails if the file is not what it was. */
        void requireUnchanged() {
            if (!of(file).equals(this)) {
                throw MorulaException.input("%s: was changed while it was being worked on; run again", file);
            }
        }
    }

    /** Hashes files and tensors, given as {@code PATH[:TENSOR]}, with all workers. */
    static List<InputHash> of(List<String> input, Engine engine) {
        List<StoredArray> arrays =
                input.stream().map(path -> TensorPath.parse(path).open()).toList();
        long total = arrays.stream()
                .mapToLong(array -> Version.of(array.file()).bytes() + array.bytes())
                .sum();
        String[] hashes = new String[2 * arrays.size()];
        AtomicLong done = new AtomicLong();
        engine.workers().forEach(hashes.length, (part, worker) -> {
            StoredArray array = arrays.get((int) part / 2);
            hashes[(int) part] = part % 2 == 0
                    ? Sha256.ofFile(array.file(), bytes -> report(engine, done, bytes, total))
                    : Sha256.ofArray(array, bytes -> report(engine, done, bytes, total));
        });
        return IntStream.range(0, arrays.size())
                .mapToObj(k -> of(arrays.get(k), hashes[2 * k], hashes[2 * k + 1]))
                .toList();
    }

    private static void report(Engine engine, AtomicLong done, long bytes, long total) {
        synchronized (done) {
            engine.progress().report(HASH, done.addAndGet(bytes), total);
        }
    }

    private static InputHash of(StoredArray array, String file, String tensor) {
        String path = array.file().toString();
        String name = array.name().equals(path) ? null : array.name().substring(path.length() + 1);
        return new InputHash(path, name, Version.of(array.file()).bytes(), file, array.bytes(), tensor);
    }
}
