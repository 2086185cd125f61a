package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.ept.cache.CacheSpec;
import hvsim.ept.cache.CachesSpec;
import hvsim.ept.cache.CoreCaches;
import hvsim.ept.cache.SocketCaches;
import org.junit.jupiter.api.Test;

/** Entries that are read beside walks through tables. */
class OtherEntriesMeetCachesTest {
    private static final CacheSpec L1 = new CacheSpec(4096, 8, 4);
    private static final CacheSpec NONE = new CacheSpec(0, 1, 0);

    private final CoreCaches caches = new SocketCaches(new CachesSpec(false, L1, NONE, NONE, 190, 190)).newCore();
    private final Walk walk = new Walk();

    @Test
    void theFourRegistersOfPaePagingComeFromOneLine() {
        NestedWalker walker = new NestedWalker(new PhysicalMemory(1 << 20), new WalkCaches(WalkSpec.UNCACHED), caches);
        assertTrue(walker.loadPdptes(0x1000, new long[4], walk));
        assertEquals(190 + 3 * 4, walk.guestCycles());
        assertEquals(4, caches.stats().walks().total());
        assertEquals(4, walker.stats().guestReferences());
    }

    @Test
    void theHypervisorsLoadsOfThemAreCountedApart() {
        NestedWalker walker = new NestedWalker(new PhysicalMemory(1 << 20), new WalkCaches(WalkSpec.UNCACHED), caches);
        walker.countForHypervisor(true);
        assertTrue(walker.loadPdptes(0x1000, new long[4], walk));
        assertEquals(4, walker.stats().hypervisorReferences());
        assertEquals(0, walker.stats().guestReferences());
    }

    @Test
    void subPagePermissionsAreReadThroughThemToo() {
        PhysicalMemory memory = new PhysicalMemory(1 << 20);
        SubPagePermissions permissions = new SubPagePermissions(memory, PagingCapability.ALL);
        permissions.enter(true, 0x1000);
        for (int level = 4; level > 1; level--) {
            memory.write(0x1000L * (5 - level), 0x1000L * (6 - level) | 1);
        }
        assertEquals(WalkOutcome.EPT_VIOLATION, permissions.check(0, new EntryReads(WalkJournal.NONE, caches), walk));
        assertEquals(4 * 190, walk.secondStageCycles());
        assertEquals(4, permissions.references());
    }
}
