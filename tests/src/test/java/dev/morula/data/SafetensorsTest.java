package dev.morula.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import dev.morula.data.SafetensorsWriter.Tensor;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void readsWhatTheLibraryWrites() {
        SafetensorsFile file = SafetensorsFile.open(Golden.file("golden.safetensors"));
        assertThat(file.metadata()).containsExactly(Map.entry("made", "by safetensors"));
        assertThat(file.names()).containsExactlyInAnyOrder("half", "single", "double", "bias", "mask");
        assertThat(file.matrices().keySet()).containsExactlyInAnyOrder("half", "single", "double");
        assertThat(file.tensor("half").type()).isEqualTo(ElementType.F16);
        try (Matrix single = file.tensor("single").map();
                Matrix bias = file.tensor("bias").map()) {
            assertThat(single.row(2)).containsExactly(10, 11, 12, 13, 14);
            assertThat(bias.rows()).isEqualTo(3);
            assertThat(bias.row(2)).containsExactly(2);
        }
    }

    @Test
    void readsWhatItWrites() {
        Path target = folder.resolve("weights.safetensors");
        try (Matrix weight = Matrix.of(new float[][] {{1, 2, 3}, {4, 5, 6}});
                Matrix bias = Matrix.of(new float[][] {{7, 8}})) {
            List<Tensor> tensors = List.of(Tensor.matrix("0.weight", weight), Tensor.vector("0.bias", bias));
            SafetensorsWriter.write(target, tensors, Map.of("net", "mlp \"quoted\""));
        }
        SafetensorsFile file = SafetensorsFile.open(target);
        assertThat(file.names()).containsExactly("0.weight", "0.bias");
        assertThat(file.metadata()).containsEntry("net", "mlp \"quoted\"");
        assertThat(file.tensor("0.bias").shape()).containsExactly(2L);
        assertThat(file.tensor("0.weight").offset() % 64).isZero();
        try (Matrix weight = file.tensor("0.weight").map()) {
            assertThat(weight.row(1)).containsExactly(4, 5, 6);
        }
    }

    @Test
    void refusesTensorsThatCannotBeStored() {
        try (Matrix matrix = Matrix.of(new float[][] {{1, 2}});
                Matrix whole = Matrix.allocate(ElementType.I32, 1, 1)) {
            Tensor tensor = Tensor.vector("a", matrix);
            assertThatThrownBy(() -> new Tensor("a", List.of(3L), matrix)).hasMessageContaining("shape (3,)");
            assertThatThrownBy(() -> Tensor.vector("a", whole)).hasMessageContaining("I32");
            assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("x"), List.of(tensor, tensor), Map.of()))
                    .hasMessageContaining("two tensors are named a");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void namesWhatIsThereWhenATensorIsNot() {
        SafetensorsFile file = SafetensorsFile.open(Golden.file("golden.safetensors"));
        assertThatThrownBy(() -> file.tensor("gone")).hasMessageContaining("has no tensor \"gone\"; it has ");
        assertThatThrownBy(() -> file.tensor("mask")).hasMessageContaining("tensor \"mask\" has type BOOL");
    }

    @Test
    void refusesEveryTruncation() throws IOException {
        byte[] whole = Golden.bytes("one.safetensors");
        assertRefused(new byte[0], "is empty");
        for (int length = 1; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length), "is truncated");
        }
        assertRefused(Arrays.copyOf(whole, whole.length + 1), "has more bytes than its tensors");
    }

    @Test
    void refusesHeaderLengthsThatCannotBe() throws IOException {
        for (long length : new long[] {0, 1, -1, Long.MAX_VALUE, 1L << 32}) {
            byte[] bytes = Golden.bytes("one.safetensors");
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
            assertRefused(bytes, "is not a .safetensors file: it claims a header of");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{]; its header is not JSON",
                "[]; its header is not a JSON object",
                "{} {}; its header is not JSON",
                "{'a':1}; needs a dtype, a shape and two data_offsets",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}}; two data_offsets",
                "{'a':{'dtype':'F32','shape':[2.5],'data_offsets':[0,8]}}; two data_offsets",
                "{'a':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,8]}}; two data_offsets",
                "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}; claims the impossible shape (-2,)",
                "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}; does not take the bytes from 0 to 8",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}; does not take the bytes from 8 to 0",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}; its tensors leave a gap at byte 0",
                "{'a':{'dtype':'F32','shape':[4],'data_offsets':[0,16]}}; its tensors take 16 bytes, but 8 follow",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}; has more bytes than its tensors",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
                        + "'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}; its tensors overlap at byte 8",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
                        + "'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}; Duplicate field 'a'",
            })
    void refusesHeadersThatLie(String json, String message) throws IOException {
        byte[] text = json.replace('\'', '"').getBytes();
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + 8).order(ByteOrder.LITTLE_ENDIAN);
        assertRefused(bytes.putLong(text.length).put(text).array(), message);
    }

    private void assertRefused(byte[] bytes, String message) throws IOException {
        Path file = Files.write(folder.resolve("bad.safetensors"), bytes);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                .hasMessageContaining("bad.safetensors: ")
                .hasMessageContaining(message);
    }
}
