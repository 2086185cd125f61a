package hvsim.vmm.memory.filled;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.state.Registers;
import hvsim.ept.GuestEntry;
import hvsim.ept.PageFaultCode;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
import hvsim.tlb.PageSize;
import hvsim.tlb.Translation;
import hvsim.vmm.memory.MachineFrames;
import hvsim.vmm.memory.MemoryMap;
import hvsim.vmm.memory.filled.SoftwareFilledMemory.Miss;
import hvsim.vmm.memory.shadow.GuestAccess;
import hvsim.vmm.memory.shadow.PagingState;
import hvsim.vmm.memory.shadow.View;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes into the TLB is the composition of the guest's tables and the map, with no more rights than the tables give. */
class SoftwareFilledLawTest {
    private static final long GUEST_BYTES = 32L << 20;
    private static final long CR0 = Registers.CR0_PG | Registers.CR0_PE;
    private static final long CR4 = Registers.CR4_PAE;
    private static final long EFER = Registers.EFER_LME | Registers.EFER_LMA | Registers.EFER_NXE;
    private static final long NO_EXECUTE = 1L << 63;
    private static final int REGIONS = 3;
    private static final int PAGES = 8;
    private static final int STEPS = 20_000;

    private final PhysicalMemory machine = new PhysicalMemory(1L << 30);
    private final MachineFrames frames = new MachineFrames(1, 1L << 30);
    private long nextTable;

    @ParameterizedTest
    @EnumSource(
            value = PageSize.class,
            names = {"SIZE_4K", "SIZE_2M"})
    void everyFillIsTheCompositionOfBothTables(PageSize hostPage) {
        MemoryMap map = new MemoryMap(
                machine,
                4,
                TableLayout.FOUR_LEVEL,
                frames,
                frames.of(1, 0),
                frames.ofHypervisor(0),
                hostPage,
                GUEST_BYTES);
        SoftwareFilledMemory memory = new SoftwareFilledMemory(machine, map);
        nextTable = 0x1000;
        PageTable table = map.guestTable(take(map));
        Random random = new Random(hostPage.ordinal());
        int[] seen = new int[Miss.values().length];
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(4) == 0) {
                change(table, map, random);
            } else {
                seen[check(memory, map, table, random).ordinal()]++;
            }
        }
        for (Miss miss : Miss.values()) {
            assertTrue(seen[miss.ordinal()] > 50, miss + " " + seen[miss.ordinal()]);
        }
    }

    private long take(MemoryMap map) {
        long gpa = nextTable;
        nextTable += PageSize.SIZE_4K.bytes();
        map.back(gpa);
        return gpa;
    }

    private static long address(Random random) {
        return (long) random.nextInt(REGIONS) << 21 | (long) random.nextInt(PAGES) << 12;
    }

    /** An entry for a page becomes anything; now and then it leads beyond the guest's memory. */
    private void change(PageTable table, MemoryMap map, Random random) {
        long gva = address(random);
        PageSize small = PageSize.SIZE_4K;
        for (int level = table.missingTable(gva, small); level != 0; level = table.missingTable(gva, small)) {
            table.link(gva, level, take(map), random.nextBoolean());
        }
        long page = (1L << 20) + 4096L * random.nextInt(random.nextInt(10) == 0 ? 16_384 : 2_048);
        long bits = random.nextLong()
                & (GuestEntry.WRITE
                        | GuestEntry.USER
                        | GuestEntry.ACCESSED
                        | GuestEntry.DIRTY
                        | GuestEntry.GLOBAL
                        | NO_EXECUTE);
        table.setLeaf(gva, small, random.nextInt(5) == 0 ? 0 : GuestEntry.leaf(page, small, bits));
    }

    private static Miss check(SoftwareFilledMemory memory, MemoryMap map, PageTable table, Random random) {
        boolean nowhere = random.nextInt(50) == 0;
        long gva = nowhere ? 1L << 50 | random.nextInt(1 << 20) : address(random) | random.nextInt(4096);
        int access = random.nextInt(3) == 0 ? PageFaultCode.WRITE : random.nextInt(3) == 0 ? PageFaultCode.FETCH : 0;
        int user = random.nextBoolean() ? PageFaultCode.USER : 0;
        long cr0 = random.nextBoolean() ? CR0 | Registers.CR0_WP : CR0;
        GuestAccess made = new GuestAccess(
                new PagingState(cr0, table.root(), CR4, EFER, Registers.RFLAGS_IF, 0), gva, access | user, 8);
        Miss expected = expected(table, gva, access, user, cr0);
        assertEquals(expected, memory.handle(made));
        if (expected == Miss.TRANSLATES) {
            for (View view : View.values()) {
                checkFill(memory.translation(made, view), view, map, table, gva, access);
            }
        }
        return expected;
    }

    /** The naive walk. */
    private static Miss expected(PageTable table, long gva, int access, int user, long cr0) {
        if (gva >>> 47 != 0) {
            return Miss.NON_CANONICAL;
        }
        if (table.missingTable(gva, PageSize.SIZE_4K) != 0) {
            return Miss.FAULTS;
        }
        long leaf = table.entry(gva, 1);
        boolean mayWrite = (leaf & GuestEntry.WRITE) != 0 || user == 0 && (cr0 & Registers.CR0_WP) == 0;
        boolean allowed = GuestEntry.isPresent(leaf)
                && (user == 0 || (leaf & GuestEntry.USER) != 0)
                && (access != PageFaultCode.WRITE || mayWrite)
                && (access != PageFaultCode.FETCH || (leaf & NO_EXECUTE) == 0);
        if (!allowed) {
            return Miss.FAULTS;
        }
        return (leaf & GuestEntry.ADDRESS) >= GUEST_BYTES ? Miss.NO_MEMORY : Miss.TRANSLATES;
    }

    private static void checkFill(long filled, View view, MemoryMap map, PageTable table, long gva, int access) {
        long leaf = table.entry(gva, 1);
        assertEquals(map.table().translate(table.translate(gva)), Translation.hpa(filled, gva));
        assertTrue((leaf & GuestEntry.ACCESSED) != 0);
        boolean isWrite = access == PageFaultCode.WRITE;
        boolean writable = (Translation.flags(filled) & Translation.GUEST_WRITE) != 0;
        assertEquals((leaf & GuestEntry.WRITE) != 0 || isWrite, writable);
        assertTrue(!isWrite || (leaf & GuestEntry.DIRTY) != 0, "a write is in the guest's entry");
        boolean forUsers = (Translation.flags(filled) & Translation.USER) != 0;
        assertEquals((leaf & GuestEntry.USER) != 0 || view == View.KERNEL_AT_USER_LEVEL, forUsers);
        assertEquals(!forUsers, (Translation.flags(filled) & Translation.SUPERVISOR) != 0);
        assertEquals(0, Translation.flags(filled) & Translation.GLOBAL);
    }
}
