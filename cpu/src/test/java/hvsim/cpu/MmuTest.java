package hvsim.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.state.Registers;
import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.WalkOutcome;
import hvsim.ept.WalkSpec;
import hvsim.tlb.Front;
import hvsim.tlb.PageSize;
import hvsim.tlb.SetIndex;
import hvsim.tlb.TlbSpec;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What modifies rights applies to what is cached, at once (SDM vol. 3, 325384-059US, 4.6). */
class MmuTest {
    private static final long GVA = 0x40_0000;
    private static final long KEY_1 = 1L << 59;
    private static final long USER_PAGE = GuestEntry.USER | GuestEntry.WRITE | GuestEntry.ACCESSED | GuestEntry.DIRTY;
    private static final int KERNEL = 0;
    private static final int USER = 3;

    private final PhysicalMemory memory = new PhysicalMemory(1 << 30);
    private final Mmu mmu = new Mmu(
            memory,
            new TlbSpec(
                    List.of(new TlbSpec.Part(
                            "tlb", 1, TlbSpec.Holds.ALL, Set.of(PageSize.SIZE_4K), 64, 4, SetIndex.MASK, 0)),
                    false),
            WalkSpec.UNCACHED,
            10,
            OptionalInt.empty(),
            null);
    private final Registers registers = new Registers();
    private final PageTable table = PageTable.ofMachine(memory, 0x1000);

    @BeforeEach
    void map() {
        long next = 0x2000;
        for (int level = 3; level > 0; level--, next += 0x1000) {
            table.link(GVA, level, next, true);
        }
        table.setLeaf(GVA, PageSize.SIZE_4K, GuestEntry.leaf(0x5000, PageSize.SIZE_4K, USER_PAGE | KEY_1));
        registers.cr3 = 0x1000;
        mmu.tables().enterOneStage(registers, 0);
        mmu.enterPrivilege(registers, USER);
    }

    private boolean isInFront(int kind) {
        long key = GVA >>> 12 << Front.PAGE_SHIFT | mmu.front().tag();
        return mmu.front().keys()[Front.index(kind, GVA)] == key;
    }

    private void assertAllowed(int kind) {
        assertTrue(mmu.access(kind, GVA));
        assertTrue(isInFront(kind));
    }

    private void assertRefused(int kind, int errorCode) {
        assertFalse(isInFront(kind));
        assertFalse(mmu.access(kind, GVA));
        assertEquals(WalkOutcome.PAGE_FAULT, mmu.walk().outcome());
        assertEquals(errorCode, mmu.walk().errorCode());
    }

    @Test
    void pkruAppliesToACachedTranslation() {
        registers.cr4 |= Registers.CR4_PKE;
        mmu.enterPrivilege(registers, USER);
        assertAllowed(GuestOp.WRITE);
        assertAllowed(GuestOp.READ);
        registers.pkru = 1 << 3;
        mmu.enterPrivilege(registers, USER);
        assertRefused(GuestOp.WRITE, 0b100111);
        assertTrue(mmu.access(GuestOp.READ, GVA));
        registers.pkru = 0;
        mmu.enterPrivilege(registers, USER);
        assertAllowed(GuestOp.WRITE);
    }

    @Test
    void alignmentCheckLetsTheKernelAtUserPagesDespiteSmap() {
        registers.cr4 |= Registers.CR4_SMAP;
        registers.rflags |= Registers.RFLAGS_AC;
        mmu.enterPrivilege(registers, KERNEL);
        assertAllowed(GuestOp.READ);
        registers.rflags &= ~Registers.RFLAGS_AC;
        mmu.enterPrivilege(registers, KERNEL);
        assertRefused(GuestOp.READ, 1);
        registers.rflags |= Registers.RFLAGS_AC;
        mmu.enterPrivilege(registers, KERNEL);
        assertAllowed(GuestOp.READ);
    }

    @ParameterizedTest
    @ValueSource(longs = {Registers.CR4_SMEP, Registers.CR4_SMAP})
    void smepAndSmapApplyToACachedTranslation(long bit) {
        int kind = bit == Registers.CR4_SMEP ? GuestOp.FETCH : GuestOp.READ;
        mmu.enterPrivilege(registers, KERNEL);
        assertAllowed(kind);
        registers.cr4 |= bit;
        mmu.enterPrivilege(registers, KERNEL);
        assertRefused(kind, kind == GuestOp.FETCH ? 0b10001 : 1);
    }

    @Test
    void writeProtectAppliesToACachedTranslation() {
        table.setLeaf(GVA, PageSize.SIZE_4K, GuestEntry.leaf(0x5000, PageSize.SIZE_4K, USER_PAGE & ~GuestEntry.WRITE));
        registers.cr0 &= ~Registers.CR0_WP;
        mmu.enterPrivilege(registers, KERNEL);
        assertAllowed(GuestOp.WRITE);
        registers.cr0 |= Registers.CR0_WP;
        mmu.enterPrivilege(registers, KERNEL);
        assertRefused(GuestOp.WRITE, 0b11);
    }

    @Test
    void anAccessOfTheKernelSaysNothingOfUsers() {
        table.setLeaf(GVA, PageSize.SIZE_4K, GuestEntry.leaf(0x5000, PageSize.SIZE_4K, USER_PAGE & ~GuestEntry.USER));
        mmu.enterPrivilege(registers, KERNEL);
        assertAllowed(GuestOp.READ);
        mmu.enterPrivilege(registers, USER);
        assertRefused(GuestOp.READ, 0b101);
    }

    @Test
    void enteringThePrivilegeThatIsThereForgetsNothing() {
        assertAllowed(GuestOp.READ);
        mmu.enterPrivilege(registers, KERNEL);
        mmu.enterPrivilege(registers, USER);
        assertTrue(isInFront(GuestOp.READ));
    }

    @Test
    void loadingPdptesIsPaidForLikeAWalk() {
        memory.write(0x6000, 0x7001);
        long[] into = new long[4];
        assertTrue(mmu.loadPdptes(0x6000, into));
        assertEquals(0x7001, into[0]);
        assertEquals(40, mmu.guestWalkCycles());
        assertEquals(0, mmu.secondStageCycles());
        memory.write(0x6008, 0x7003);
        assertFalse(mmu.loadPdptes(0x6000, into));
        assertEquals(WalkOutcome.RESERVED_PDPTE, mmu.walk().outcome());
    }
}
