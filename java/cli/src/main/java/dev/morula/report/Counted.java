package dev.morula.report;

/** Numbers of things that need not be whole, as a sentence has them. */
final class Counted {
    private Counted() {}

    /** "32 clones", "1 clone", "2.7 clones": whole from 10 on. */
    static String of(double number, String noun) {
        double rounded = number >= 10 ? Math.round(number) : Math.round(number * 10) / 10.0;
        String text = number >= 10 ? Numbers.count(Math.round(number)) : Numbers.plain(rounded);
        return text + " " + noun + (rounded == 1 ? "" : "s");
    }
}
