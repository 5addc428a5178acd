package dev.morula.train;

import dev.morula.MorulaException;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The CPU tiers that this machine has. */
final class Tiers {
    private Tiers() {}

    static Stream<Tier> available() {
        List<Tier> tiers = new ArrayList<>();
        for (Tier tier : Tier.values()) {
            try (Kernels kernels = Kernels.cpu(tier)) {
                tiers.add(kernels.tier());
            } catch (MorulaException e) {
                break;
            }
        }
        return tiers.stream();
    }
}
