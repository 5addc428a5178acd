package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.correlate.Candidates.Chunk;
import dev.morula.kernel.Backend;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.ScreenKernels.Screen;
import dev.morula.kernel.ScreenKernels.Sense;
import dev.morula.kernel.Sign;
import dev.morula.kernel.Workers;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A search looks at every pair once, and pauses when the candidates are full. */
@Tag("device")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.morula.kernel.Backends#available")
class TileSearchTest {
    private static final double ANY = -1e6; // a threshold that every pair passes

    @Parameter
    private Backend backend;

    /** Tiles and groups that do not divide the positions; room for all pairs, for some, and for none. */
    @ParameterizedTest
    @CsvSource({
        "1, 7, 5, 3, 1, 1000000",
        "2, 7, 5, 3, 2, 1",
        "3, 1, 1, 1, 1, 2",
        "65, 64, 64, 1, 2, 100",
        "97, 7, 5, 3, 3, 1",
        "100, 13, 33, 2, 2, 200",
        "131, 128, 3, 1, 3, 1000000"
    })
    void everyPairIsListedOnce(int positions, int left, int right, int leftPanels, int threads, long room) {
        for (Sign sign : Sign.values()) {
            TilePlan plan = new TilePlan(left, right, leftPanels, 0);
            PairSet found = new PairSet(positions);
            int rounds = search(positions, plan, threads, room, sign, found);
            assertThat(found.size()).isEqualTo(positions * (positions - 1) / 2);
            int most = threads * (left * right + 1); // pairs that a round may add after it was full
            assertThat(rounds).isGreaterThanOrEqualTo((int) (found.size() / (room + most)));
        }
    }

    /** Runs to the end, round by round; a pair that is listed again fails. Returns how many rounds it took. */
    private int search(int positions, TilePlan plan, int threads, long room, Sign sign, PairSet found) {
        int rounds = 0;
        try (Kernels kernels = backend.open();
                Workers workers = new Workers(threads);
                Matrix projections = Matrices.of(TestLayers.gaussian(positions, 5, 1), ElementType.F32);
                TileSearch search = new TileSearch(
                        new ScreenRows(
                                projections,
                                all(positions),
                                new Screen(5, 0, 0, Sense.CORRELATION),
                                ANY,
                                sign,
                                kernels),
                        plan,
                        new PairRegion(positions, positions, 0),
                        kernels,
                        workers,
                        Progress.NONE);
                Candidates candidates = new Candidates(room, threads)) {
            while (!search.isDone()) {
                search.fill(candidates);
                assertThat(candidates.isFull() || search.isDone()).isTrue();
                add(candidates, found);
                candidates.clear();
                assertThat(search.pairsDone()).isEqualTo(found.size());
                rounds++;
            }
        }
        return rounds;
    }

    private static void add(Candidates candidates, PairSet found) {
        long listed = 0;
        for (Chunk chunk : candidates.chunks()) {
            long[] pairs = new long[chunk.count];
            chunk.pairs.read(0, pairs, 0, pairs.length);
            for (long pair : pairs) {
                assertThat(found.contains((int) (pair >> 32), (int) pair)).isFalse();
                assertThat((int) pair).isGreaterThan((int) (pair >> 32));
                found.add((int) (pair >> 32), (int) pair);
                listed++;
            }
        }
        assertThat(candidates.count()).isEqualTo(listed);
    }

    @Test
    void candidatesGoOnFromChunkToChunkAndStartFromZeroAgain() {
        int many = Candidates.CHUNK + 7;
        try (Candidates candidates = new Candidates(2L * many, 2);
                Matrix pairs = Matrix.allocate(ElementType.I64, 1, many)) {
            pairs.write(0, new long[] {1, 2, 3}, 0, 3);
            for (int time = 0; time < 2; time++) {
                candidates.add(pairs, many, 0);
                assertThat(candidates.isFull()).isFalse();
                candidates.add(pairs, 3, 1); // a chunk of its own
                candidates.add(pairs, many, 0);
                assertThat(candidates.isFull()).isTrue();
                assertThat(candidates.count()).isEqualTo(2L * many + 3);
                assertThat(candidates.chunks().stream().mapToInt(chunk -> chunk.count))
                        .containsExactly(Candidates.CHUNK, Candidates.CHUNK, 3, 14);
                for (Chunk chunk : candidates.chunks()) {
                    double[] sums = new double[Candidates.CHUNK];
                    chunk.sums.read(0, sums, 0, sums.length);
                    assertThat(sums).containsOnly(0);
                    chunk.sums.write(0, new double[] {1, 2}, 0, 2);
                }
                candidates.clear();
                assertThat(candidates.count()).isZero();
                assertThat(candidates.chunks()).isEmpty();
            }
        }
    }

    /** What a tile of a few neurons shows: at a threshold that all pass, and at one that none does. */
    @ParameterizedTest
    @EnumSource(Sign.class)
    void aTrialCountsThePairsThatPass(Sign sign) {
        try (Kernels kernels = backend.open();
                Matrix projections = Matrices.of(TestLayers.gaussian(60, 5, 1), ElementType.F32)) {
            Screen screen = new Screen(5, 0, 0, Sense.CORRELATION);
            Trial all =
                    Trial.of(new ScreenRows(projections, all(60), screen, ANY, sign, kernels), null, 20, 40, kernels);
            Trial none =
                    Trial.of(new ScreenRows(projections, all(60), screen, 1e6, sign, kernels), null, 20, 40, kernels);
            assertThat(all.found()).isEqualTo(1);
            assertThat(none.found()).isZero();
            assertThat(all.tileSeconds()).isPositive();
            assertThat(all.packSeconds()).isPositive();
        }
    }

    private static int[] all(int positions) {
        return IntStream.range(0, positions).toArray();
    }
}
