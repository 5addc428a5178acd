package dev.morula.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The key stays while nothing changes, and changes with whatever may change a result. */
class InputKeyTest {
    private static final FileTime TIME = FileTime.fromMillis(1_700_000_000_123L);

    @TempDir
    private Path folder;

    private Path file;
    private byte[] bytes;
    private String key;

    @BeforeEach
    void writeFile() throws IOException {
        bytes = new byte[5 * 4096 + 17]; // so few pages that all are drawn
        new Random(1).nextBytes(bytes);
        file = write("layer.npy", bytes);
        key = key(file);
    }

    private Path write(String name, byte[] content) throws IOException {
        Path written = Files.write(folder.resolve(name), content);
        return Files.setLastModifiedTime(written, TIME);
    }

    private static String key(Path... files) {
        return InputKey.of(List.of(files), List.of("0.9", "pearson"));
    }

    @Test
    void isTheSameForTheSame() throws IOException {
        assertThat(key).matches("[0-9a-f]{64}").isEqualTo(key(file)).isEqualTo(key(write("copy.npy", bytes)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4095, 4096, 5 * 4096, 5 * 4096 + 16})
    void changesWithTheContent(int at) throws IOException {
        bytes[at] ^= 1;
        assertThat(key(write("layer.npy", bytes))).isNotEqualTo(key);
    }

    @Test
    void changesWithTimeAndSize() throws IOException {
        Files.setLastModifiedTime(file, FileTime.fromMillis(TIME.toMillis() + 1));
        assertThat(key(file)).isNotEqualTo(key);
        byte[] zeros = new byte[1 << 20];
        assertThat(key(write("a", zeros))).isNotEqualTo(key(write("b", new byte[zeros.length + 1])));
    }

    @Test
    void changesWithFilesAndTheirOrder() throws IOException {
        Path other = write("other.npy", new byte[] {1});
        assertThat(List.of(key(file, other), key(other, file), key(other), key(file, file), key))
                .doesNotHaveDuplicates();
    }

    @Test
    void changesWithTheOptions() {
        List<Path> files = List.of(file);
        assertThat(List.of(
                        InputKey.of(files, List.of()),
                        InputKey.of(files, List.of("0.9")),
                        InputKey.of(files, List.of("0.9", "cosine")),
                        InputKey.of(files, List.of("cosine", "0.9")),
                        InputKey.of(files, List.of("0.9cosine")),
                        InputKey.of(files, List.of("0.9c", "osine"))))
                .doesNotHaveDuplicates();
    }

    @Test
    void namesAFileThatIsMissing() {
        assertThatThrownBy(() -> key(folder.resolve("gone.npy")))
                .hasMessageContaining("gone.npy: there is no such file");
    }
}
