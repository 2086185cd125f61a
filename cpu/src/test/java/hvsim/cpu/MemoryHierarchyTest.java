package hvsim.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.ept.cache.CacheSpec;
import hvsim.ept.cache.CachesSpec;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** References of one guest in a memory hierarchy of one level: 4 cycles, or 104. */
class MemoryHierarchyTest {
    private static final long GVA = SmallGuest.GVA;
    private static final CacheSpec NONE = new CacheSpec(0, 1, 0);
    private static final int UNCACHED_REFERENCES = 24;

    private static CachesSpec caches(boolean holdsData) {
        return new CachesSpec(holdsData, new CacheSpec(32 << 10, 8, 4), NONE, NONE, 104, 104);
    }

    private static SmallGuest ran(boolean holdsData, WalkOverlap overlap, long... program) {
        SmallGuest guest = new SmallGuest(Optional.of(caches(holdsData)), overlap, program);
        assertEquals(RunOutcome.PROGRAM_END, guest.run());
        return guest;
    }

    private static long read(long gva, int sizeBytes) {
        return GuestOp.memory(GuestOp.READ, gva, sizeBytes);
    }

    private static long walkCycles(SmallGuest guest) {
        return guest.vcpu.cycles(CyclePart.GUEST_WALK) + guest.vcpu.cycles(CyclePart.SECOND_STAGE_WALK);
    }

    @Test
    void aWalkPaysWhatServedItsReferences() {
        SmallGuest guest = ran(false, WalkOverlap.NONE, read(GVA, 8));
        long served = guest.core.counts().caches().walks().total();
        long misses = guest.core.counts().caches().walks().memory();
        assertEquals(
                guest.core.counts().walks().guestReferences()
                        + guest.core.counts().walks().secondStageReferences(),
                served);
        assertTrue(served < UNCACHED_REFERENCES, "the walker's own caches shorten walks as before");
        assertEquals(4 * served + 100 * misses, walkCycles(guest));
        assertEquals(0, guest.vcpu.cycles(CyclePart.MEMORY));
    }

    @Test
    void dataIsWaitedForOnceALine() {
        SmallGuest guest = ran(true, WalkOverlap.NONE, read(GVA, 8), read(GVA + 56, 8), read(GVA + 64, 8));
        assertEquals(2 * 100, guest.vcpu.cycles(CyclePart.MEMORY));
        assertEquals(3, guest.core.counts().caches().data().total());
    }

    @Test
    void fetchedCodeIsWaitedForToo() {
        SmallGuest guest = ran(true, WalkOverlap.NONE, GuestOp.memory(GuestOp.FETCH, GVA, 4), read(GVA, 8));
        assertEquals(2 * 100, guest.vcpu.cycles(CyclePart.MEMORY));
    }

    @Test
    void aReferenceAcrossTwoPagesAsksForTheLinesOfBoth() {
        SmallGuest guest = ran(true, WalkOverlap.NONE, read(SmallGuest.SUB_PAGE_GVA - 4, 8));
        assertEquals(2, guest.core.counts().caches().data().total());
        assertEquals(2 * 100, guest.vcpu.cycles(CyclePart.MEMORY));
    }

    @Test
    void whatTheTlbSeesDoesNotDependOnIt() {
        long[] program = new long[1000];
        for (int i = 0; i < program.length; i++) {
            program[i] =
                    i % 3 == 0 ? read(SmallGuest.SUB_PAGE_GVA - i % 8, 8) : GuestOp.memory(i % 4, GVA + i % 512, 4);
        }
        SmallGuest held = ran(true, WalkOverlap.NONE, program);
        SmallGuest plain = ran(false, WalkOverlap.NONE, program);
        assertEquals(plain.core.counts().tlb(), held.core.counts().tlb());
        assertEquals(plain.core.counts().walks(), held.core.counts().walks());
        assertEquals(plain.vcpu.lookups(false, 0), held.vcpu.lookups(false, 0));
        assertEquals(plain.vcpu.lookups(false, 1), held.vcpu.lookups(false, 1));
        assertEquals(plain.vcpu.cycles(CyclePart.GUEST_WORK), held.vcpu.cycles(CyclePart.GUEST_WORK));
    }

    @Test
    void halfOfAWalkCanBeHidden() {
        SmallGuest waits = ran(false, WalkOverlap.NONE, read(GVA, 8));
        SmallGuest hides = ran(false, new WalkOverlap(1, WalkOverlap.WHOLE / 2), read(GVA, 8));
        assertEquals(walkCycles(waits), 2 * walkCycles(hides));
    }
}
