package dev.morula.redundancy.units;

import dev.morula.RandomNumbers;

/** Some of very many rows, each set of them as likely as any other. */
final class RowChoice {
    private RowChoice() {}

    /** At most {@code most} of the rows 0 to {@code rows - 1}, ascending: all of them where there are no more. */
    static long[] of(long rows, int most, RandomNumbers random) {
        long[] chosen = new long[(int) Math.min(rows, most)];
        int count = 0;
        for (long row = 0;
                count < chosen.length;
                row++) { // selection sampling: Knuth, The Art of Computer Programming, 3.4.2
            if (random.nextFineUnit() * (rows - row) < chosen.length - count) {
                chosen[count++] = row;
            }
        }
        return chosen;
    }
}
