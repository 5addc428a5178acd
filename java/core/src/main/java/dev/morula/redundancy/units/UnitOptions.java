package dev.morula.redundancy.units;

import dev.morula.MorulaException;

/**
 * How units of a layer are looked at.
 *
 * @param mostRows samples, or positions of images, that units are compared on
 * @param resamples random choices of so many rows, where there are more, that results are the mean of
 * @param mostCompressed the widest layer whose compressability is computed, which takes time that grows with units^3
 * @param memory bytes that the search for similar units may take
 */
public record UnitOptions(int mostRows, int resamples, int mostCompressed, long memory) {
    /** Those of the paper: 50,000 rows, 3 times; layers of up to 4,096 units are compressed. */
    public static final UnitOptions DEFAULT = new UnitOptions(50_000, 3, 4_096, 2L << 30);

    public UnitOptions {
        if (mostRows < 2 || resamples < 1) {
            throw MorulaException.usage(
                    "units: %d rows, %d times; there must be at least 2 rows, once", mostRows, resamples);
        }
    }
}
