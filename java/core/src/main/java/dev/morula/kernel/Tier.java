package dev.morula.kernel;

import java.util.Locale;

/** CPU tiers, each containing those before it. Every tier gives the same edges; they differ in speed only. */
public enum Tier {
    PORTABLE,
    AVX2,
    AVX512,
    AMX;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
