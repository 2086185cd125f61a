package hvsim.tlb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who makes room in one set of four ways, where pages 0 to 3 came first, each into the way of its number. */
class ReplacementTest {
    private static final int PAGES = 64;

    private static TranslationCache four(Replacement replacement, long seed) {
        TranslationCache four = new TranslationCache(4, 4, SetIndex.MASK, replacement, seed);
        for (int page = 0; page < 4; page++) {
            insert(four, page);
        }
        return four;
    }

    private static void insert(TranslationCache cache, int page) {
        cache.insert(key(page), page);
    }

    private static void use(TranslationCache cache, int page) {
        assertEquals(page, cache.value(cache.findAndTouch(key(page))));
    }

    private static long key(int page) {
        return TlbTag.key(page, 0, 0, 0);
    }

    private static String pagesIn(TranslationCache cache) {
        return IntStream.range(0, PAGES)
                .filter(page -> cache.find(key(page)) != TranslationCache.ABSENT)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(" "));
    }

    @Test
    void lruReplacesTheOneUnusedForLongest() {
        TranslationCache lru = four(Replacement.LRU, 0);
        use(lru, 0);
        use(lru, 1);
        insert(lru, 4);
        assertEquals("0 1 3 4", pagesIn(lru));
    }

    @Test
    void fifoReplacesTheOldestHoweverOftenItWasUsed() {
        TranslationCache fifo = four(Replacement.FIFO, 0);
        use(fifo, 0);
        insert(fifo, 4);
        assertEquals("1 2 3 4", pagesIn(fifo));
        use(fifo, 1);
        insert(fifo, 5);
        assertEquals("2 3 4 5", pagesIn(fifo));
    }

    @Test
    void aTreeReplacesInTheHalfThatWasNotUsedLastEvenIfAnotherIsUnusedForLonger() {
        TranslationCache tree = four(Replacement.TREE_PLRU, 0);
        use(tree, 0);
        insert(tree, 4);
        assertEquals("0 1 3 4", pagesIn(tree));
        insert(tree, 5);
        assertEquals("0 3 4 5", pagesIn(tree));
    }

    @Test
    void anInvalidationLeavesTheTreeAsItIs() {
        TranslationCache tree = four(Replacement.TREE_PLRU, 0);
        use(tree, 0);
        tree.removeTags(new boolean[] {true});
        tree.insert(key(10), 10);
        tree.insert(key(11), 11);
        tree.remove(key(10));
        tree.remove(key(11));
        for (int page = 0; page < 4; page++) {
            insert(tree, page);
        }
        insert(tree, 4);
        assertEquals("1 2 3 4", pagesIn(tree));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 12, 64})
    void eachWayIsReplacedAtRandomEquallyOften(int ways) {
        RandomWays random = new RandomWays(0);
        int[] chosen = new int[ways];
        for (int i = 0; i < 10_000 * ways; i++) {
            chosen[random.next(ways)]++;
        }
        for (int count : chosen) {
            assertEquals(10_000, count, 500);
        }
    }

    @Test
    void randomReplacementIsDecidedByTheSeedAloneAndNotByUses() {
        assertEquals(afterRandom(1, false), afterRandom(1, false));
        assertEquals(afterRandom(1, false), afterRandom(1, true));
        assertNotEquals(afterRandom(1, false), afterRandom(2, false));
    }

    private static String afterRandom(long seed, boolean withUses) {
        TranslationCache random = four(Replacement.RANDOM, seed);
        StringBuilder all = new StringBuilder();
        for (int page = 4; page < PAGES; page++) {
            insert(random, page);
            if (withUses) {
                use(random, page);
            }
            all.append(pagesIn(random)).append('\n');
        }
        return all.toString();
    }

    @ParameterizedTest
    @EnumSource
    void anInvalidWayIsUsedBeforeAnyEntryMakesRoom(Replacement replacement) {
        for (int invalid = 0; invalid < 4; invalid++) {
            TranslationCache cache = four(replacement, 7);
            cache.remove(key(invalid));
            insert(cache, 4);
            assertEquals(4, cache.size());
            assertNotEquals(TranslationCache.ABSENT, cache.find(key(4)));
        }
    }

    /** The {@link Front} leaves such uses out. */
    @ParameterizedTest
    @EnumSource
    void usingTheEntryOfASetThatWasUsedLastOnceMoreChangesNothing(Replacement replacement) {
        TranslationCache once = four(replacement, 3);
        TranslationCache again = four(replacement, 3);
        for (int page = 4; page < PAGES; page++) {
            for (int used = page - 9; used <= page; used += 3) {
                if (used >= 0 && once.findAndTouch(key(used)) != TranslationCache.ABSENT) {
                    use(again, used);
                    use(again, used);
                }
            }
            insert(once, page);
            insert(again, page);
            use(again, page);
            assertEquals(pagesIn(once), pagesIn(again));
        }
    }

    @Test
    void aTreeNeedsAPowerOfTwoOfWaysThatOneWordHasNodesFor() {
        for (int ways : new int[] {3, 12, 128}) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> Replacement.TREE_PLRU.checkWays(ways));
            assertTrue(refused.getMessage().startsWith("tree_plru with " + ways + " ways"), refused.getMessage());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new TranslationCache(ways, ways, SetIndex.MASK, Replacement.TREE_PLRU, 0));
            new TranslationCache(ways, ways, SetIndex.MASK, Replacement.RANDOM, 0);
        }
        for (int ways = 1; ways <= 64; ways *= 2) {
            new TranslationCache(ways, ways, SetIndex.MASK, Replacement.TREE_PLRU, 0);
        }
    }
}
