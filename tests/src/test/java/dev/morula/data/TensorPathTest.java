package dev.morula.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorPathTest {
    private static final Path SEVERAL = Golden.file("golden.safetensors");
    private static final Path ONE = Golden.file("one.safetensors");

    @TempDir
    Path folder;

    @Test
    void opensATensorByName() {
        assertThat(TensorPath.parse(SEVERAL + ":double").open().name()).isEqualTo(SEVERAL + ":double");
        assertThat(TensorPath.parse(ONE.toString()).open().name()).endsWith(":only");
        assertThat(TensorPath.parse(Golden.file("single.npy").toString()).open().shape())
                .containsExactly(3L, 5L);
    }

    @Test
    void listsTheMatricesWhenThereAreSeveral() {
        assertThatThrownBy(() -> TensorPath.parse(SEVERAL.toString()).open())
                .hasMessageContaining("has 3 matrices; name one of them, as in " + SEVERAL + ":NAME: ")
                .hasMessageContaining("single [3, 5]");
    }

    @Test
    void prefersAFileWhoseNameHasAColon() throws IOException {
        Path colon = Files.copy(Golden.file("single.npy"), folder.resolve("layer:3.npy"));
        assertThat(TensorPath.parse(colon.toString()).file()).isEqualTo(colon);
        Path both = Files.copy(ONE, folder.resolve("a:b.safetensors"));
        TensorPath path = TensorPath.parse(both + ":layer:only");
        assertThat(path.file()).isEqualTo(both);
        assertThat(path.tensor()).contains("layer:only");
    }

    @Test
    void namesTheFileThatIsMissing() {
        Path gone = folder.resolve("gone.safetensors");
        assertThatThrownBy(() -> TensorPath.parse(gone + ":a").open()).hasMessage(gone + ": there is no such file");
        assertThatThrownBy(() -> TensorPath.parse(gone.toString()).open()).hasMessage(gone + ": there is no such file");
    }

    @Test
    void refusesANameInAnNpyFile() {
        Path file = Golden.file("single.npy");
        assertThatThrownBy(() -> TensorPath.parse(file + ":a").open())
                .hasMessageContaining("only tensors of a .safetensors file have names, so \":a\" has no meaning");
    }
}
