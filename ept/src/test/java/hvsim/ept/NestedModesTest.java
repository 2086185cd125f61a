package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.tlb.AccessKind;
import hvsim.tlb.PageSize;
import hvsim.tlb.TlbTag;
import hvsim.tlb.Translation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests without paging and with PAE paging behind a second stage (SDM vol. 3, 325384-059US, 28.2.1 and 28.2.3). */
class NestedModesTest {
    private static final long ROOT = 1L << 32;
    private static final long BASE = 1L << 40;
    private static final long PE = 1;
    private static final long PG = 1L << 31;
    private static final long PAE = 1 << 5;
    private static final long ACCESSED_AND_DIRTY = 3 << 8;

    private final PhysicalMemory memory = new PhysicalMemory(1L << 41);
    private final PageTable ept = PageTable.ofSecondStage(memory, ROOT);
    private final NestedWalker walker = new NestedWalker(memory, new WalkCaches(WalkSpec.UNCACHED));
    private final TlbTag tags = new TlbTag();
    private final AccessRights rights = new AccessRights();
    private final Walk walk = new Walk();
    private long nextTable = ROOT;

    private void back(long gpa, PageSize size, long bits) {
        for (int level = ept.missingTable(gpa, size); level != 0; level = ept.missingTable(gpa, size)) {
            ept.link(gpa, level, nextTable += 0x1000, false);
        }
        ept.setLeaf(gpa, size, EptEntry.leaf(BASE + (gpa & -size.bytes()), size, bits));
    }

    private void enter(long cr0, long cr4, long[] pdptes, boolean accessedDirty) {
        walker.enterNested(
                GuestPaging.of(cr0, cr4, 0),
                0,
                pdptes,
                tags.of(1, 0, ROOT),
                EptPointer.pack(ROOT, 4, accessedDirty),
                false,
                tags.ofGuestPhysical(ROOT));
        rights.set(false, cr0, cr4, 0, 0, 0);
    }

    @BeforeEach
    void withoutPaging() {
        enter(PE, 0, new long[4], false);
    }

    @ParameterizedTest
    @EnumSource(PageSize.class)
    void withoutPagingOneWalkOfTheSecondStageTranslates(PageSize size) {
        long address = 0xC765_4321L;
        back(address, size, EptEntry.RIGHTS);
        assertTrue(walker.walk(address, AccessKind.WRITE, rights, walk));
        assertEquals(0, walk.guestReferences());
        assertEquals(5 - size.leafLevel(), walk.secondStageReferences());
        long t = walk.translation();
        assertEquals(BASE + address, Translation.hpa(t, address));
        assertEquals(size, Translation.size(t));
        int guest = Translation.USER | Translation.GUEST_WRITE | Translation.GUEST_EXECUTE | Translation.DIRTY;
        assertEquals(guest | Translation.NO_SECOND_STAGE, Translation.flags(t));
    }

    @Test
    void withoutPagingAnAddressHas32Bits() {
        back(0x5000, PageSize.SIZE_4K, EptEntry.RIGHTS);
        assertTrue(walker.walk(0x9_0000_5678L, AccessKind.READ, rights, walk));
        assertEquals(BASE + 0x5000, Translation.pageHpa(walk.translation()));
    }

    @Test
    void withoutPagingTheViolationIsOfAUserModeAddressThatIsWritableAndExecutable() {
        back(0x5000, PageSize.SIZE_4K, EptEntry.READ);
        assertFalse(walker.walk(0x5678, AccessKind.WRITE, rights, walk));
        assertEquals(WalkOutcome.EPT_VIOLATION, walk.outcome());
        assertEquals(0b0110_0000_0000 | 3 << 7 | 1 << 3 | 0b10, walk.qualification());
        assertEquals(0x5678, walk.gpa());
    }

    @Test
    void withoutPagingAndSecondStageAddressesAreMachineAddresses() {
        walker.enterNative(GuestPaging.of(PE, 0, 0), 0, new long[4], tags.of(0, 0, TlbTag.NO_EP4TA));
        assertTrue(walker.walk(0x7_8765_4321L, AccessKind.MODIFY, rights, walk));
        assertEquals(0, walk.guestReferences() + walk.secondStageReferences());
        assertEquals(0x8765_4321L, Translation.hpa(walk.translation(), 0x8765_4321L));
        assertEquals(0, Translation.flags(walk.translation()) & Translation.CUT);
    }

    @Test
    void aWalkOfPaePagingTakesFourteenReferences() {
        back(0x1000, PageSize.SIZE_4K, EptEntry.RIGHTS);
        back(0x2000, PageSize.SIZE_4K, EptEntry.RIGHTS);
        back(0x3000, PageSize.SIZE_4K, EptEntry.RIGHTS);
        memory.write(BASE + 0x1000, 0x2000 | 0x27);
        memory.write(BASE + 0x2000 + 8, 0x3000 | 0x67);
        enter(PE | PG, PAE, new long[] {0x1001, 0, 0, 0}, false);
        assertTrue(walker.walk(0x1234, AccessKind.READ, rights, walk));
        assertEquals(14, walk.guestReferences() + walk.secondStageReferences());
        assertEquals(BASE + 0x3234, Translation.hpa(walk.translation(), 0x1234));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void loadingThePdptesIsAReadThroughTheSecondStage(boolean accessedDirty) {
        enter(PE | PG, PAE, new long[4], accessedDirty);
        back(0x7000, PageSize.SIZE_4K, EptEntry.READ);
        memory.write(BASE + 0x7048, 0x9001);
        long[] into = new long[4];
        assertTrue(walker.loadPdptes(0x7040, into, walk));
        assertArrayEquals(new long[] {0, 0x9001, 0, 0}, into);
        assertEquals(4, walk.secondStageReferences());
        assertEquals(4, walk.guestReferences());
        assertEquals(accessedDirty ? 1 << 8 : 0, ept.entry(0x7000, 1) & ACCESSED_AND_DIRTY);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aViolationAtThePdptesIsAReadOfNoLinearAddress(boolean accessedDirty) {
        enter(PE | PG, PAE, new long[4], accessedDirty);
        back(0x7000, PageSize.SIZE_4K, EptEntry.EXECUTE);
        long[] into = {7, 7, 7, 7};
        assertFalse(walker.loadPdptes(0x7040, into, walk));
        assertEquals(WalkOutcome.EPT_VIOLATION, walk.outcome());
        assertEquals(0b100 << 3 | 1, walk.qualification());
        assertEquals(0x7040, walk.gpa());
        assertEquals(0, walk.guestReferences());
        assertArrayEquals(new long[] {7, 7, 7, 7}, into);
    }
}
