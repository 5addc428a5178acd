package dev.morula.kernel;

import java.util.Arrays;
import java.util.List;

/** The CPU tiers that this machine has, for tests that run once for each. */
public final class Tiers {
    private Tiers() {}

    /** All tiers up to the highest; MORULA_REQUIRE_TIER names one that must be among them, lest a fallback go unseen. */
    public static List<Tier> available() {
        Tier best;
        try (Kernels kernels = Kernels.cpu()) {
            best = kernels.tier();
        }
        String required = System.getenv("MORULA_REQUIRE_TIER");
        if (required != null && !required.isEmpty() && best.compareTo(tier(required)) < 0) {
            throw new AssertionError(
                    "MORULA_REQUIRE_TIER is " + required + ", but this machine offers " + best + " at most");
        }
        return Arrays.stream(Tier.values())
                .filter(tier -> tier.compareTo(best) <= 0)
                .toList();
    }

    private static Tier tier(String name) {
        return Arrays.stream(Tier.values())
                .filter(tier -> tier.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("MORULA_REQUIRE_TIER is " + name + ", which is no tier"));
    }
}
