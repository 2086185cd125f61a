package hvsim.tlb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random streams of operations against {@link NaiveStore}, for every form of store. */
class TranslationCacheLawTest {
    private static final int OPERATIONS = 2_000;
    private static final int FEW_TAGS = 3;
    private static final int MANY_TAGS = 5_000;
    private static final int LAST_TAG = TlbTag.CAPACITY - 1;

    private int entries;
    private int ways;
    private SetIndex setIndex;
    private Replacement replacement;
    private int tagCount;
    private TranslationCache cache;
    private NaiveStore<Long> naive;
    private SplittableRandom random;
    private long[] keys;

    @ParameterizedTest
    @CsvSource({
        "1, 1, MASK", "16, 1, MASK", "64, 4, MASK", "64, 4, XOR", "1536, 12, MASK", "1536, 12, XOR",
        "3072, 8, MODULO", "96, 1, MODULO", "12, 4, MODULO", "72, 72, MASK", "32, 32, MASK", "16, 16, MASK",
        "17, 17, MASK", "128, 32, XOR", "54, 18, MODULO", "2, 2, MODULO", "4, 1, XOR", "1000, 2, MODULO",
        "64, 64, MASK", "24, 8, MODULO",
    })
    void aStoreDoesWhatSearchedListsDo(int entryCount, int wayCount, SetIndex index) {
        entries = entryCount;
        ways = wayCount;
        setIndex = index;
        for (Replacement policy : Replacement.values()) {
            if (policy != Replacement.TREE_PLRU || Integer.bitCount(ways) == 1) {
                replacement = policy;
                run(1, FEW_TAGS);
                run(2, MANY_TAGS);
            }
        }
    }

    private void run(long seed, int tags) {
        random = new SplittableRandom(seed);
        tagCount = tags;
        keys = LongStream.generate(this::newKey).limit(2L * entries + 1).toArray();
        cache = new TranslationCache(entries, ways, setIndex, replacement, seed);
        naive = new NaiveStore<>(entries, ways, setIndex, replacement, seed);
        for (int i = 0; i < OPERATIONS; i++) {
            step();
            if (i % 300 == 0) {
                compareAll();
            }
        }
        compareAll();
    }

    private void step() {
        long key = randomKey();
        switch (random.nextInt(1000)) {
            case 0 -> clear();
            case 1 -> saveAndLoad();
            case 2, 3 -> removeTags();
            default -> stepOfOneKey(key, random.nextInt(10));
        }
        compare(key);
    }

    private void stepOfOneKey(long key, int choice) {
        if (choice == 0) {
            cache.remove(key);
            naive.removeIf(e -> e.key() == key);
        } else if (choice == 1) {
            compare(key);
        } else {
            use(key);
        }
    }

    /** What a TLB does: a hit becomes the most recent, a miss is filled. */
    private void use(long key) {
        long value = random.nextLong();
        if (naive.findAndTouch(number(key), key) == null) {
            assertEquals(TranslationCache.ABSENT, cache.findAndTouch(key));
            naive.insert(number(key), key, value);
            cache.insert(key, value);
        } else {
            useInEitherWay(key);
        }
    }

    private void useInEitherWay(long key) {
        if (random.nextBoolean()) {
            cache.findAndTouch(key);
        } else {
            cache.touch(key, cache.find(key));
        }
    }

    private void clear() {
        cache.clear();
        naive.removeIf(e -> true);
    }

    private void removeTags() {
        boolean[] marked = new boolean[LAST_TAG + 1];
        int every = 1 + random.nextInt(4);
        for (int tag = 0; tag < marked.length; tag++) {
            marked[tag] = random.nextInt(every) == 0;
        }
        cache.removeTags(marked);
        naive.removeIf(e -> marked[tag(e.key())]);
    }

    private void saveAndLoad() {
        TranslationCache loaded = new TranslationCache(entries, ways, setIndex, replacement, 99);
        loaded.insert(randomKey(), 1);
        Saved.copy(cache::transfer, loaded::transfer);
        cache = loaded;
    }

    private void compare(long key) {
        NaiveStore.Entry<Long> expected = naive.find(number(key), key);
        int slot = cache.find(key);
        assertEquals(expected != null, slot != TranslationCache.ABSENT);
        if (expected != null) {
            assertEquals(expected.value(), cache.value(slot));
        }
    }

    private void compareAll() {
        Map<Integer, Integer> live = new TreeMap<>();
        for (NaiveStore.Entry<Long> entry : naive.entries()) {
            compare(entry.key());
            live.merge(tag(entry.key()), 1, Integer::sum);
        }
        assertEquals(naive.entries().size(), cache.size());
        for (int tag = 0; tag < tagCount; tag++) {
            assertEquals(live.getOrDefault(tag, 0), cache.live(tag));
        }
        assertEquals(live.getOrDefault(LAST_TAG, 0), cache.live(LAST_TAG));
    }

    /** Some keys are used more than others, so that there are hits and evictions. */
    private long randomKey() {
        double skewed = Math.sqrt(random.nextDouble()) * random.nextDouble();
        return keys[(int) (skewed * keys.length)];
    }

    private long newKey() {
        long number = random.nextInt(2 * entries + 2);
        number = random.nextInt(4) == 0 ? TlbTag.NUMBER_MASK - number : number;
        int tag = random.nextInt(50) == 0 ? LAST_TAG : random.nextInt(tagCount);
        return number << 19 | (long) random.nextInt(3) << 17 | tag;
    }

    private static long number(long key) {
        return key >>> 19;
    }

    private static int tag(long key) {
        return (int) (key & (1 << 17) - 1);
    }

    @Test
    void aHitMakesTheWayMostRecent() {
        TranslationCache two = new TranslationCache(2, 2, SetIndex.MASK);
        two.insert(TlbTag.key(0x1000, 12, 0, 0), 1);
        two.insert(TlbTag.key(0x2000, 12, 0, 0), 2);
        two.findAndTouch(TlbTag.key(0x1000, 12, 0, 0));
        two.insert(TlbTag.key(0x3000, 12, 0, 0), 3);
        assertEquals(1, two.value(two.find(TlbTag.key(0x1000, 12, 0, 0))));
        assertEquals(TranslationCache.ABSENT, two.find(TlbTag.key(0x2000, 12, 0, 0)));
    }

    @Test
    void aStoreOfNothingRemembersNothing() {
        TranslationCache none = TranslationCache.none();
        none.insert(7, 1);
        assertEquals(TranslationCache.ABSENT, none.findAndTouch(7));
        none.remove(7);
        none.clear();
        assertEquals(0, none.size());
    }

    @Test
    void aShapeThatMakesNoSetsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new TranslationCache(10, 4, SetIndex.MASK));
        assertThrows(IllegalArgumentException.class, () -> new TranslationCache(0, 1, SetIndex.MASK));
        assertThrows(IllegalArgumentException.class, () -> new TranslationCache(4, 0, SetIndex.MASK));
        assertThrows(IllegalArgumentException.class, () -> new TranslationCache(12, 4, SetIndex.XOR));
    }

    @Test
    void aStateOfAnotherShapeIsRefused() {
        TranslationCache small = new TranslationCache(4, 4, SetIndex.MASK);
        TranslationCache large = new TranslationCache(8, 4, SetIndex.MASK);
        assertThrows(IllegalArgumentException.class, () -> Saved.copy(small::transfer, large::transfer));
    }
}
