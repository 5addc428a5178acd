package dev.morula.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
    @TempDir
    Path folder;

    @Test
    void appearsOnCommitOnly() throws IOException {
        Path target = folder.resolve("out.bin");
        try (OutputFile file = OutputFile.create(target)) {
            file.write(new byte[] {1, 2, 3, 4}, 3);
            assertThat(target).doesNotExist();
            file.commit();
        }
        assertThat(target).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(folder).isDirectoryNotContaining("glob:**tmp");
        assertThat(Files.getPosixFilePermissions(target)).contains(PosixFilePermission.OWNER_READ);
    }

    @Test
    void leavesNothingAndTheOldFileWithoutACommit() throws IOException {
        Path target = Files.writeString(folder.resolve("out.bin"), "old");
        try (OutputFile file = OutputFile.create(target)) {
            file.write(new byte[] {1}, 1);
        }
        assertThat(target).hasContent("old");
        assertThat(folder.toFile().list()).containsExactly("out.bin");
    }

    @Test
    void replacesAnOlderFile() throws IOException {
        Path target = Files.writeString(folder.resolve("out.bin"), "old");
        try (OutputFile file = OutputFile.create(target)) {
            file.stream().write("new".getBytes());
            file.commit();
        }
        assertThat(target).hasContent("new");
    }

    @Test
    void namesAFolderThatIsMissing() {
        assertThatThrownBy(() -> OutputFile.create(folder.resolve("missing/out.npy")))
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                .hasMessageContaining("out.npy: cannot be written: there is no folder");
    }

    @Test
    void refusesATargetThatIsNoFile() {
        assertThatThrownBy(() -> OutputFile.create(folder)).hasMessageContaining("is not a regular file");
        assertThatThrownBy(() -> OutputFile.create(Path.of("/dev/null"))).hasMessageContaining("is not a regular file");
    }
}
