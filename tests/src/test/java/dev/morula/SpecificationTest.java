package dev.morula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException.Kind;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecificationTest {
    private static final String FORM = "jam:2,sugar=0.5,smooth";
    private static final String[] OPTIONS = {"sugar=", "jars=", "fruit=", "smooth", "coarse"};

    private static Specification jam(String text) {
        return Specification.parse("food", text, FORM);
    }

    /** {@code call} must fail with {@code problem} of {@code text}. */
    private static void assertRefused(String text, String problem, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.USAGE))
                .hasMessage("food \"" + text + "\": " + problem + "; it must look like " + FORM);
    }

    @Test
    void takesNameArgumentAndOptionsApart() {
        Specification jam = jam("jam:2.5,sugar=1e-3,smooth,jars=-7,fruit=a=b:c").with(OPTIONS);
        assertThat(jam.name()).isEqualTo("jam:");
        assertThat(jam.argument()).isEqualTo(2.5);
        assertThat(jam.number("sugar")).isEqualTo(1e-3);
        assertThat(jam.number("sugar", 9)).isEqualTo(1e-3);
        assertThat(jam.has("smooth")).isTrue();
        assertThat(jam.has("coarse")).isFalse();
        assertThat(jam.integer("jars", -7, 3)).isEqualTo(-7);
        assertThat(jam.integer("jars", 3L)).isEqualTo(-7);
        assertThat(jam.word("fruit", "")).isEqualTo("a=b:c");
        assertThat(jam("steps:1/20/3").integers()).containsExactly(1, 20, 3);
    }

    @Test
    void whatIsLeftOutIsAsTheCallerSays() {
        Specification jam = jam("jam").with(OPTIONS).withoutBoth("smooth", "coarse");
        assertThat(jam.name()).isEqualTo("jam");
        assertThat(jam.number("sugar", 9)).isEqualTo(9);
        assertThat(jam.integer("jars", 5, 0)).isZero();
        assertThat(jam.integer("jars", 1L << 40)).isEqualTo(1L << 40);
        assertThat(jam.word("fruit", "any")).isEqualTo("any");
    }

    @Test
    void optionsMayStandAlone() {
        Specification jam = Specification.parseOptions("food", "jam:smooth,jars=3", "smooth,jars=3", FORM);
        assertThat(jam.name()).isEmpty();
        assertThat(jam.with(OPTIONS).has("smooth")).isTrue();
        assertThat(jam.integer("jars", 0, 0)).isEqualTo(3);
        assertRefused(
                "jam:smooth,jars=3", "\"smooth\" is not known here; the options are jars=", () -> jam.with("jars="));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jam,salt=1|\"salt\" is not known here; the options are sugar=, jars=, fruit=, smooth, coarse",
                "jam,salt|\"salt\" is not known here; the options are sugar=, jars=, fruit=, smooth, coarse",
                "jam,|\"\" is not known here; the options are sugar=, jars=, fruit=, smooth, coarse",
                "jam,=1|\"\" is not known here; the options are sugar=, jars=, fruit=, smooth, coarse",
                "jam, smooth|\" smooth\" is not known here; the options are sugar=, jars=, fruit=, smooth, coarse",
                "jam,smooth=1|\"smooth=1\": smooth takes no value",
                "jam,smooth=|\"smooth=\": smooth takes no value",
                "jam,sugar|\"sugar\": sugar takes a value",
                "jam,smooth,smooth|smooth is given twice",
                "jam,sugar=1,sugar|sugar is given twice",
                "jam,coarse,smooth|smooth and coarse exclude each other"
            })
    void refusesOptionsThatCannotBe(String text, String problem) {
        assertRefused(text, problem, () -> jam(text).with(OPTIONS).withoutBoth("smooth", "coarse"));
    }

    @Test
    void refusesAnyOptionWhereThereAreNone() {
        assertRefused("jam,smooth", "\"smooth\" is not known here; there are no options", () -> jam("jam,smooth")
                .with());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "0.1.2", "1/2"})
    void refusesWhatIsNoNumber(String value) {
        String text = "jam:" + value + ",sugar=" + value;
        assertRefused(text, "\"" + value + "\" is not a number", () -> jam(text).argument());
        assertRefused(
                text, "\"sugar=" + value + "\" is not a number", () -> jam(text).number("sugar"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.5", "x", "99999999999999999999"})
    void refusesWhatIsNoWholeNumber(String value) {
        String text = "jam:3/" + value + ",jars=" + value;
        assertRefused(text, "\"" + value + "\" is not a whole number below 2^31", () -> jam(text)
                .integers());
        assertRefused(text, "\"jars=" + value + "\" is not a whole number below 2^31", () -> jam(text)
                .integer("jars", 0, 0));
        assertRefused(text, "\"jars=" + value + "\" is not a whole number below 2^63", () -> jam(text)
                .integer("jars", 0L));
    }

    @Test
    void refusesWhatIsTooSmallMissingOrUnknown() {
        assertRefused("jam,jars=4", "jars is 4, but must be at least 5", () -> jam("jam,jars=4")
                .integer("jars", 5, 0));
        assertRefused("jam", "sugar is missing", () -> jam("jam").number("sugar"));
        assertThat(jam("mud:3,wet").unknown())
                .hasMessage("food \"mud:3,wet\": \"mud:3\" is not known; it must look like " + FORM);
        assertThat(jam("100%").unknown()).hasMessageContaining("\"100%\" is not known");
    }
}
