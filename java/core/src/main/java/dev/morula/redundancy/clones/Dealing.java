package dev.morula.redundancy.clones;

import dev.morula.MorulaException;
import dev.morula.RandomNumbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Neurons dealt to clones like cards: type after type, the members of each shuffled, one to each clone in turn. So of a
 * type of s neurons each of n clones has s / n, rounded up or down: one, where there are n; a type of fewer leaves holes in
 * some clones, and one of more gives some of them more, in turn. Sizes of clones differ by one at most.
 *
 * @param clones the neurons of each, ascending; no neuron is in two, and every neuron of a type is in one
 */
public record Dealing(int[][] clones) {
    /**
     * Deals {@code types} to {@code clones} clones. Which member goes where, and which types leave their holes and
     * extra neurons to which clone, depends on {@code seed} alone.
     */
    public static Dealing of(Types types, int clones, long seed) {
        RandomNumbers random = RandomNumbers.of(seed, RandomNumbers.Stream.DEALING, clones);
        List<Integer> cards = new ArrayList<>();
        for (int type : random.permutation(types.count())) {
            int[] members = types.members()[type];
            for (int place : random.permutation(members.length)) {
                cards.add(members[place]);
            }
        }
        return new Dealing(deal(cards.stream().mapToInt(Integer::intValue).toArray(), clones));
    }

    /** The same neurons in clones of the same sizes, but whatever their types: deal number {@code draw} of {@code seed}. */
    public static Dealing random(Types types, int clones, long seed, long draw) {
        int[] neurons =
                Arrays.stream(types.members()).flatMapToInt(Arrays::stream).toArray();
        RandomNumbers random = RandomNumbers.of(seed, RandomNumbers.Stream.RANDOM_DEALING, clones, draw);
        int[] order = random.permutation(neurons.length);
        return new Dealing(
                deal(Arrays.stream(order).map(place -> neurons[place]).toArray(), clones));
    }

    private static int[][] deal(int[] cards, int clones) {
        if (clones < 2 || clones > cards.length) {
            throw MorulaException.usage(
                    "%d clones: there must be at least 2, and no more than the %d neurons that have a correlation",
                    clones, cards.length);
        }
        int[][] hands = new int[clones][];
        for (int clone = 0; clone < clones; clone++) {
            hands[clone] = new int[(cards.length - clone + clones - 1) / clones];
            for (int k = 0; k < hands[clone].length; k++) {
                hands[clone][k] = cards[clone + k * clones];
            }
            Arrays.sort(hands[clone]);
        }
        return hands;
    }

    /** For each clone the share of {@code types} that it has a neuron of. */
    public double[] covered(Types types) {
        double[] covered = new double[clones.length];
        for (int clone = 0; clone < clones.length; clone++) {
            int[] hand = clones[clone];
            long present = Arrays.stream(types.members())
                    .filter(type -> Arrays.stream(type).anyMatch(neuron -> Arrays.binarySearch(hand, neuron) >= 0))
                    .count();
            covered[clone] = (double) present / types.count();
        }
        return covered;
    }
}
