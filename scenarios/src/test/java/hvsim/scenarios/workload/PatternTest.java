package hvsim.scenarios.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.GuestOp;
import hvsim.scenarios.trace.PageSet;
import hvsim.scenarios.workload.PatternSpec.Order;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PatternTest {
    private static final long BYTES = 3 << 20;

    @ParameterizedTest
    @EnumSource
    void everyPlaceLiesInTheWorkingSetOrTheCode(Order order) {
        long[] kinds = new long[4];
        for (long word : words(Specs.pattern(order, BYTES, 0.3, 0.2), 100_000)) {
            long at = GuestOp.gva(word);
            boolean code = GuestOp.kind(word) == GuestOp.FETCH;
            long start = code ? Placement.LONG.codeGva() : Placement.LONG.dataGva();
            long bytes = code ? PatternSource.CODE_BYTES : BYTES;
            assertTrue(at >= start && at + GuestOp.sizeBytes(word) <= start + bytes);
            kinds[GuestOp.kind(word)]++;
        }
        assertEquals(20_000, (double) kinds[GuestOp.FETCH], 600);
        assertEquals(24_000, (double) kinds[GuestOp.WRITE], 700);
        assertEquals(0, kinds[GuestOp.MODIFY]);
    }

    @Test
    void sequentialStrideAndLoopStep() {
        assertSteps(Order.SEQUENTIAL, 8);
        assertSteps(Order.STRIDE, 192);
        assertSteps(Order.LOOP, 4096);
    }

    @Test
    void uniformReadsRunsOfLines() {
        long[] places = places(Order.UNIFORM, 4_000);
        for (int i = 0; i < places.length; i++) {
            assertEquals(0, places[i] % 64);
            assertTrue(i % 4 == 0 || places[i] == places[i - 1] + 64);
        }
    }

    @Test
    void aChaseVisitsOnePlaceInEveryStrideOnceARound() {
        int stride = (int) Specs.pattern(Order.CHASE, BYTES, 0, 0).strideBytes();
        int lines = (int) BYTES / stride;
        long[] places = places(Order.CHASE, 2 * lines);
        assertEquals(lines, Arrays.stream(places, 0, lines).distinct().count());
        assertEquals(places[0], places[lines]);
        long neighbours = IntStream.range(1, lines)
                .filter(i -> Math.abs(places[i] - places[i - 1]) <= stride)
                .count();
        assertTrue(neighbours < 20, neighbours + " neighbours");
    }

    @Test
    void zipfFollowsItsLawAndScattersTheHotPages() {
        long[] counts = new long[(int) BYTES >> 12];
        for (long place : places(Order.ZIPF, 200_000)) {
            counts[(int) place >> 12]++;
        }
        int hottest = IntStream.range(0, counts.length).reduce(0, (a, b) -> counts[b] > counts[a] ? b : a);
        long[] sorted = Arrays.stream(counts).sorted().toArray();
        double harmonic = IntStream.rangeClosed(1, counts.length)
                .mapToDouble(k -> Math.pow(k, -0.99))
                .sum();
        assertEquals(200_000 / harmonic, (double) sorted[sorted.length - 1], 1_000);
        assertEquals(200_000 / harmonic * Math.pow(2, -0.99), (double) sorted[sorted.length - 2], 800);
        assertTrue(counts[(hottest + 1) % counts.length] < sorted[sorted.length - 2]);
    }

    @Test
    void nineInTenReferencesHitTheHotSpot() {
        long hits = Arrays.stream(places(Order.HOTSPOT, 100_000))
                .filter(place -> place < BYTES / 10)
                .count();
        assertEquals(90_000, (double) hits, 500);
    }

    @Test
    void aScatterIsAPermutation() {
        for (int size : new int[] {1, 2, 3, 7, 64, 1000, 4097}) {
            Scatter scatter = new Scatter(size, 9);
            assertEquals(
                    size,
                    IntStream.range(0, size)
                            .mapToLong(scatter::of)
                            .distinct()
                            .filter(x -> x >= 0 && x < size)
                            .count());
        }
    }

    @Test
    void processesStartInDifferentPlacesAndSeedsDiffer() {
        PatternSpec spec = Specs.pattern(Order.SEQUENTIAL, BYTES, 0, 0);
        long[] words = new long[1];
        Patterns.source(spec, Placement.LONG, 1, "vm/0", 1, 3).fill(words, 0, 1);
        assertEquals(Placement.LONG.dataGva() + BYTES / 3, GuestOp.gva(words[0]));
        PatternSpec zipf = Specs.pattern(Order.ZIPF);
        long[] one = new long[100];
        long[] other = new long[100];
        Patterns.source(zipf, Placement.LONG, 1, "vm-1/0", 0, 1).fill(one, 0, 100);
        Patterns.source(zipf, Placement.LONG, 1, "vm-2/0", 0, 1).fill(other, 0, 100);
        assertFalse(Arrays.equals(one, other));
    }

    @Test
    void seedsNeverChange() {
        assertEquals(Seeds.derive(1, "vm/0"), Seeds.derive(1, "vm/0"));
        assertEquals(0xe220a8397b1dcdafL, Seeds.at(0, 0)); // first number of SplitMix64 seeded with 0
    }

    @Test
    void impossibleWorkingSetsAreRefused() {
        for (long bytes : new long[] {0, -4096, 100, 1L << 47}) {
            assertThrows(IllegalArgumentException.class, () -> Specs.pattern(Order.UNIFORM, bytes, 0, 0));
        }
    }

    @Test
    void aPageSetOfASparseAddressSpaceIsSmall() {
        PageSet set = new PageSet();
        for (long run = 0; run < 65_536; run++) {
            long page = run * 4099 % (1 << 28);
            set.addRange(page, page + 15);
            assertTrue(set.contains(page + 15));
        }
        assertEquals(65_536 * 16, set.size());
        assertTrue(set.toArray().length < 4 * 65_536);
        assertEquals(set.size(), PageSet.of(set.toArray()).size());
        assertFalse(set.add(15));
        assertTrue(set.add(17));
    }

    private static void assertSteps(Order order, long step) {
        long[] places = places(order, 50_000);
        for (int i = 1; i < places.length; i++) {
            assertTrue(places[i] == places[i - 1] + step || places[i] == 0 && places[i - 1] >= BYTES - step);
        }
    }

    private static long[] places(Order order, int count) {
        long[] words = words(Specs.pattern(order, BYTES, 0, 0), count);
        return Arrays.stream(words)
                .map(word -> GuestOp.gva(word) - Placement.LONG.dataGva())
                .toArray();
    }

    private static long[] words(PatternSpec spec, int count) {
        long[] words = new long[count];
        Patterns.source(spec, Placement.LONG, 1, "vm/0", 0, 1).fill(words, 0, count);
        return words;
    }
}
