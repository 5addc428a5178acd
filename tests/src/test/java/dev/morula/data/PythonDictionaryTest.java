package dev.morula.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.data.StoredArray.Order;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class PythonDictionaryTest {
    @Property
    void readsEveryHeaderThatIsWritten(@ForAll @Size(max = 6) List<@LongRange(min = 0) Long> shape) throws IOException {
        byte[] bytes = NpyHeader.format("<f4", shape);
        NpyHeader header = NpyHeader.read(new ByteArrayInputStream(bytes), "test");
        assertThat(header).isEqualTo(new NpyHeader("<f4", Order.C, shape, bytes.length));
        assertThat(bytes.length % 64).isZero();
    }

    @Property
    void readsStringsInEitherQuotes(@ForAll @AlphaChars String text) {
        assertThat(PythonDictionary.parse("{'a': '" + text + "', \"b\":\"" + text + "\"}"))
                .isEqualTo(Map.of("a", text, "b", text));
    }

    @Property(tries = 5_000)
    void endsOnEveryText(
            @ForAll @StringLength(max = 20) @Chars({'{', '}', '(', ')', ',', ':', '\'', '1', '-', ' ', 'T', 'a'})
                    String text) {
        try {
            assertThat(PythonDictionary.parse(text)).isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("there should be");
        }
    }
}
