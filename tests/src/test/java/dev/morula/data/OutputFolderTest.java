package dev.morula.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
    @TempDir
    private Path parent;

    private static void write(Path file, String text) {
        try (OutputFile output = OutputFile.create(file)) {
            output.write(text.getBytes(), text.length());
            output.commit();
        }
    }

    @Test
    void appearsWithAllItsFilesOnCommitOnly() {
        Path target = parent.resolve("out");
        try (OutputFolder folder = OutputFolder.create(target)) {
            folder.write("one", file -> write(file, "1"));
            folder.write("two", file -> write(file, "2"));
            assertThat(target).doesNotExist();
            folder.commit();
        }
        assertThat(parent.toFile().list()).containsExactly("out");
        assertThat(target.toFile().list()).containsExactlyInAnyOrder("one", "two");
        assertThat(target.resolve("two")).hasContent("2");
    }

    @Test
    void takesThePlaceOfAnEmptyFolderAlsoBehindALink() throws IOException {
        Path target = Files.createDirectory(parent.resolve("out"));
        Path link = Files.createSymbolicLink(parent.resolve("link"), target);
        try (OutputFolder folder = OutputFolder.create(link)) {
            folder.write("one", file -> write(file, "1"));
            folder.commit();
        }
        assertThat(target.resolve("one")).hasContent("1");
        assertThat(parent.toFile().list()).containsExactlyInAnyOrder("out", "link");
    }

    @Test
    void leavesNothingWithoutACommitAndNamesTheFileThatFailed() {
        Path target = parent.resolve("out");
        assertThatThrownBy(() -> {
                    try (OutputFolder folder = OutputFolder.create(target)) {
                        folder.write("one", file -> write(file, "1"));
                        folder.write("two", file -> {
                            throw MorulaException.resources("%s: the disk is full", file);
                        });
                    }
                })
                .hasMessage(target + "/two: the disk is full")
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.RESOURCES));
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void refusesWhatItWouldNotReplace() throws IOException {
        Path file = Files.createFile(parent.resolve("file"));
        assertThatThrownBy(() -> OutputFolder.requireFree(file)).hasMessageContaining("is not an empty folder");
        assertThatThrownBy(() -> OutputFolder.requireFree(parent)).hasMessageContaining("is not an empty folder");
        assertThatThrownBy(() -> OutputFolder.requireFree(parent.resolve("a/b")))
                .hasMessage(parent + "/a/b: cannot be made: there is no folder " + parent + "/a");
    }
}
