package hvsim.vmm.cpu.translation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.tlb.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * A kernel that jumps about in its code and writes it, beside an oracle that knows the version of each page and of each
 * translation: what runs was made of the code as it is, was not given up, and does not overlap anything else.
 */
class CodeCacheLawTest {
    private static final int STEPS = 20_000;
    private static final int PAGES = 12;
    private static final int BLOCKS_A_PAGE = 64;
    private static final int CACHE_BYTES = 8192;
    private static final long FIRST = 1L << 40;

    private final Map<Long, Integer> pageVersions = new HashMap<>();
    private final Map<Long, Integer> madeOf = new HashMap<>();

    /** Which of all translations that of an address is. */
    private final Map<Long, Integer> serials = new HashMap<>();

    private final Set<Long> waysTaken = new HashSet<>();
    private int translations;

    @RepeatedTest(8)
    void whatRunsIsATranslationOfThePresentCode(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        TranslationSpec spec = new TranslationSpec(CACHE_BYTES, random.nextBoolean(), true, 1, 1);
        CodeCache cache = new CodeCache(spec, FIRST);
        long from = Blocks.NONE;
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(500) == 0) {
                write(cache, random.nextInt(PAGES));
            } else if (random.nextInt(1000) == 0) {
                cache = reloaded(cache, spec);
            } else {
                from = run(cache, from, gva(random), random, spec);
            }
            if (step % 100 == 0) {
                assertNoOverlap(cache);
            }
        }
    }

    private static long gva(Random random) {
        long page = random.nextInt(3) == 0 ? random.nextInt(PAGES) : random.nextInt(2);
        return page << 12 | (long) random.nextInt(random.nextInt(BLOCKS_A_PAGE) + 1) << 6;
    }

    private static long gfnOf(long gva) {
        return 100 + (gva >>> 12);
    }

    private void write(CodeCache cache, int page) {
        pageVersions.merge(100L + page, 1, Integer::sum);
        long held = cache.all().stream().filter(b -> b.gfn() == 100 + page).count();
        assertEquals(held, cache.forgetPage(100 + page));
        assertTrue(cache.all().stream().noneMatch(b -> b.gfn() == 100 + page));
    }

    private long run(CodeCache cache, long from, long gva, Random random, TranslationSpec spec) {
        int present = pageVersions.getOrDefault(gfnOf(gva), 0);
        Block block = cache.find(gva);
        if (block == null) {
            int held = cache.all().size();
            int evicted = cache.translate(gva, gfnOf(gva));
            assertTrue(evicted == 0 || evicted == held, "all or nothing");
            block = made(cache, gva, present);
        } else if (random.nextInt(50) == 0 && cache.hasTrappedOften(block)) {
            cache.retranslate(block);
            block = made(cache, gva, present);
            assertTrue(block.checksWrites());
        }
        assertEquals(gva, block.gva());
        assertEquals(present, madeOf.get(gva), "made of other code");
        boolean samePage = from != Blocks.NONE && from >>> 12 == gva >>> 12;
        boolean known = cache.find(from) != null;
        boolean chained = cache.follow(from, block);
        assertTrue(!chained || samePage && known && spec.chaining());
        boolean isNew = known && waysTaken.add((long) serials.get(from) << 32 | serials.get(gva));
        assertTrue(!chained || !isNew, "a way that was never taken between these two translations");
        return gva;
    }

    private Block made(CodeCache cache, long gva, int version) {
        madeOf.put(gva, version);
        serials.put(gva, translations++);
        Block block = cache.find(gva);
        assertNotNull(block);
        return block;
    }

    private static CodeCache reloaded(CodeCache cache, TranslationSpec spec) {
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        cache.transfer(Snapshot.savingTo(new DataOutputStream(saved)));
        CodeCache copy = new CodeCache(spec, FIRST);
        copy.transfer(Snapshot.loadingFrom(new DataInputStream(new ByteArrayInputStream(saved.toByteArray()))));
        assertEquals(cache.all().size(), copy.all().size());
        return copy;
    }

    private static void assertNoOverlap(CodeCache cache) {
        TreeMap<Long, Long> places = new TreeMap<>();
        for (Block block : cache.all()) {
            assertTrue(block.hva() >= FIRST && block.hva() + CodeCache.BLOCK_BYTES <= FIRST + CACHE_BYTES);
            assertNull(places.put(block.hva() / CodeCache.BLOCK_BYTES, block.gva()), "two in one place");
        }
    }
}
