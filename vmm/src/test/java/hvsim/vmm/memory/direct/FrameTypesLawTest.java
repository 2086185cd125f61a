package hvsim.vmm.memory.direct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.ept.GuestEntry;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.MachineFrames;
import hvsim.vmm.memory.MemoryMap;
import hvsim.vmm.memory.shadow.Resident;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random updates, most of them forged: after each, types and counts of all frames are what somebody counts who goes through
 * all registered tables from their roots and knows nothing of what was counted before.
 */
class FrameTypesLawTest {
    private static final long MACHINE = 64L << 20;
    private static final int FRAMES = 24;
    private static final int STEPS = 1_500;
    private static final int PLACES = 4;
    private static final List<Long> RESIDENT = List.of(0x7000 | GuestEntry.PRESENT);
    private static final int RESIDENT_PLACE = 2;
    private static final long ADDRESS = GuestEntry.ADDRESS;

    private final PhysicalMemory memory = new PhysicalMemory(MACHINE);
    private final MachineFrames machine = new MachineFrames(1, MACHINE);
    private final TreeMap<Long, Long> pinned = new TreeMap<>();
    private DirectMemory direct = guest(1, DirectLayout.FOUR_LEVEL);
    private DirectMemory other = guest(2, DirectLayout.FOUR_LEVEL);

    /** The root that the virtual processor is in, and the user's, or -1. */
    private long entered = -1;

    private long enteredUser = -1;

    private void use(DirectLayout layout) {
        direct = guest(3, layout);
        other = guest(4, layout);
    }

    private DirectMemory guest(int owner, DirectLayout layout) {
        Frames own = machine.of(owner, 0);
        MemoryMap map = new MemoryMap(
                memory,
                4,
                layout.tables(),
                machine,
                own,
                machine.ofHypervisor(0),
                PageSize.SIZE_4K,
                (long) FRAMES << 12);
        DirectMemory guest = new DirectMemory(memory, layout, map, machine.ofHypervisor(0), 1);
        guest.keep(new Resident(layout.resident().level(), 0, RESIDENT_PLACE, RESIDENT));
        for (int gfn = 0; gfn < FRAMES; gfn++) {
            guest.back((long) gfn << 12);
        }
        return guest;
    }

    @ParameterizedTest
    @CsvSource({
        "FOUR_LEVEL, 1",
        "FOUR_LEVEL, 2",
        "FOUR_LEVEL, 3",
        "FOUR_LEVEL, 4",
        "PAE, 1",
        "PAE, 2",
        "PAE, 3",
        "PAE, 4"
    })
    void countsAreWhatTheTablesSay(DirectLayout layout, long seed) {
        use(layout);
        Random random = new Random(seed);
        int made = 0;
        for (int step = 0; step < STEPS; step++) {
            int kind = random.nextInt(40);
            if (kind == 0) {
                pin(gpa(random), gpa(random));
            } else if (kind == 1 && !pinned.isEmpty()) {
                unpin(pinned.firstKey());
            } else if (kind == 2 && !pinned.isEmpty()) {
                enter(pinned.lastKey());
            } else {
                made += update(random) ? 1 : 0;
            }
            recount("seed " + seed + ", step " + step);
            checkRegisters();
        }
        assertTrue(made > STEPS / 40, made + " updates were made");
        assertTrue(made < STEPS - STEPS / 20, made + " updates were made");
        assertEquals("", direct.audit());
    }

    private static long gpa(Random random) {
        return (long) random.nextInt(FRAMES) << 12;
    }

    private void pin(long root, long userRoot) {
        if (root != userRoot && !pinned.containsKey(root)) {
            try {
                direct.pin(root, direct.layout().hasUserRoots() ? userRoot : Roots.NONE);
                pinned.put(root, userRoot);
            } catch (IllegalStateException refused) {
                assertTrue(refused.getMessage().contains("refuses"), refused.getMessage());
            }
        }
    }

    private void unpin(long root) {
        long userRoot = pinned.remove(root);
        assertEquals(direct.layout().hasUserRoots() ? userRoot : Roots.NONE, direct.unpin(root));
    }

    /** Without its own tables in an address space the hypervisor lets nobody into it. */
    private void enter(long root) {
        long last = (direct.machineFrame(root >>> 12) << 12) + 8 * 3;
        boolean hasHypervisor = direct.layout() == DirectLayout.FOUR_LEVEL || GuestEntry.isPresent(memory.read(last));
        assertEquals(hasHypervisor, direct.enter(0, root));
        if (hasHypervisor) {
            entered = root;
            enteredUser = pinned.get(root);
        }
    }

    /** What a processor has taken into registers is what the table has. */
    private void checkRegisters() {
        long root = entered == -1 ? 0 : direct.machineFrame(entered >>> 12) << 12;
        for (int i = 0; entered != -1 && i < 4; i++) {
            assertEquals(memory.read(root + 8L * i), memory.read(direct.root(0, true) + 8L * i));
        }
    }

    private boolean update(Random random) {
        long at = direct.machineFrame(random.nextInt(FRAMES)) << 12 | 8L * random.nextInt(PLACES);
        long before = memory.read(at);
        boolean made = direct.update(at, entry(random)) == null;
        if (!made) {
            assertEquals(before, memory.read(at), "what is refused changes nothing");
        }
        return made;
    }

    private long entry(Random random) {
        if (random.nextInt(3) == 0) {
            return 0;
        }
        long hfn = switch (random.nextInt(12)) {
            case 0 -> other.machineFrame(random.nextInt(FRAMES));
            case 1 -> random.nextInt(1 << 20);
            default -> direct.machineFrame(random.nextInt(FRAMES));
        };
        long rights = switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> GuestEntry.USER;
            default -> GuestEntry.WRITE | GuestEntry.USER;
        };
        return hfn << 12 | GuestEntry.PRESENT | rights | (random.nextInt(20) == 0 ? GuestEntry.PAGE : 0);
    }

    /** The naive count: each reference from a root that is pinned, of each table once. */
    private void recount(String where) {
        Recount recount = new Recount();
        pinned.forEach(recount::roots);
        if (entered != -1) {
            recount.roots(entered, enteredUser);
        }
        FrameTable frames = direct.frames();
        for (long hfn : frames.own()) {
            assertEquals(recount.typed.getOrDefault(hfn, 0), frames.typed(hfn), where);
            assertEquals(recount.all.getOrDefault(hfn, 0), frames.all(hfn), where);
            if (frames.typed(hfn) > 0) {
                assertEquals(recount.types.get(hfn), frames.type(hfn), where);
            }
        }
    }

    private final class Recount {
        private final TreeMap<Long, Integer> typed = new TreeMap<>();
        private final TreeMap<Long, Integer> all = new TreeMap<>();
        private final TreeMap<Long, FrameType> types = new TreeMap<>();

        void roots(long root, long userRoot) {
            boolean isLong = direct.layout() == DirectLayout.FOUR_LEVEL;
            reference(direct.machineFrame(root >>> 12), isLong ? FrameType.L4_TABLE : FrameType.L3_TABLE);
            if (isLong) {
                reference(direct.machineFrame(userRoot >>> 12), FrameType.L4_TABLE);
            }
        }

        void reference(long hfn, FrameType type) {
            assertTrue(direct.frames().isOwn(hfn), "a frame of others is reached");
            FrameType before = types.put(hfn, type);
            assertTrue(before == null || before == type, "a " + before + " is used as " + type);
            all.merge(hfn, 1, Integer::sum);
            if (typed.merge(hfn, 1, Integer::sum) == 1 && type.isTable()) {
                follow(hfn, type);
            }
        }

        private void follow(long hfn, FrameType type) {
            boolean isFour = type == FrameType.L3_TABLE && direct.layout() == DirectLayout.PAE;
            boolean hasHypervisors = type == FrameType.L4_TABLE || type == FrameType.TOP_L2_TABLE;
            for (int i = 0; i < (isFour ? 4 : 512); i++) {
                long entry = memory.read(hfn << 12 | 8L * i);
                if (GuestEntry.isPresent(entry) && !(hasHypervisors && i == RESIDENT_PLACE)) {
                    long to = (entry & ADDRESS) >>> 12;
                    if (type.level() > 1) {
                        reference(to, isFour && i == 3 ? FrameType.TOP_L2_TABLE : FrameType.ofTable(type.level() - 1));
                    } else if ((entry & GuestEntry.WRITE) != 0) {
                        reference(to, FrameType.WRITABLE);
                    } else {
                        all.merge(to, 1, Integer::sum);
                    }
                }
            }
        }
    }

    /** A root with a table of each level below it, frames 0 to 3, and the second root in frame 4. */
    private long leafTable() {
        direct.pin(0, 4L << 12);
        for (int level = 3; level >= 1; level--) {
            long at = direct.machineFrame(3 - level) << 12;
            long table = direct.machineFrame(4 - level) << 12;
            assertNull(direct.update(at, GuestEntry.table(table, false)));
        }
        return direct.machineFrame(3) << 12;
    }

    private Refusal map(long leaf, long hpa, long rights) {
        return direct.update(leaf, GuestEntry.leaf(hpa, PageSize.SIZE_4K, GuestEntry.USER | rights));
    }

    @Test
    void noEntryLeadsToAnothersFrame() {
        long leaf = leafTable();
        assertEquals(Refusal.FOREIGN_FRAME, map(leaf, other.machineFrame(5) << 12, 0));
        assertEquals(Refusal.FOREIGN_FRAME, map(leaf, MACHINE, 0));
    }

    @Test
    void noTableIsMappedWritable() {
        long leaf = leafTable();
        for (int gfn = 0; gfn < 5; gfn++) {
            assertEquals(Refusal.TYPE_CONFLICT, map(leaf, direct.machineFrame(gfn) << 12, GuestEntry.WRITE));
            assertNull(map(leaf, direct.machineFrame(gfn) << 12, 0), "reading it is allowed");
        }
    }

    @Test
    void noWritablePageBecomesATable() {
        long leaf = leafTable();
        long page = direct.machineFrame(9) << 12;
        assertNull(map(leaf, page, GuestEntry.WRITE));
        long above = (direct.machineFrame(2) << 12) + 8;
        assertEquals(Refusal.TYPE_CONFLICT, direct.update(above, GuestEntry.table(page, false)));
        assertNull(direct.update(leaf, 0));
        assertNull(direct.update(above, GuestEntry.table(page, false)));
        assertTrue(direct.takeFlush(), "who could write it must not know it as writable");
    }

    @Test
    void theHypervisorsEntryIsNobodyElses() {
        leafTable();
        long at = (direct.machineFrame(0) << 12) + 8L * RESIDENT_PLACE;
        assertEquals(RESIDENT.get(0), memory.read(at));
        assertEquals(Refusal.RESERVED_ENTRY, direct.update(at, 0));
    }

    @Test
    void largePagesAndTablesThatAreNotRegisteredAreRefused() {
        long leaf = leafTable();
        long above = (direct.machineFrame(2) << 12) + 8;
        long large = direct.machineFrame(9) << 12 | GuestEntry.PRESENT | GuestEntry.PAGE;
        assertEquals(Refusal.LARGE_PAGE, direct.update(above, large));
        assertEquals(Refusal.NOT_A_TABLE, direct.update(direct.machineFrame(9) << 12, 0));
        assertNull(direct.update(leaf, 0));
    }

    @Test
    void descriptorsAreNotWritten() {
        long leaf = leafTable();
        direct.registerDescriptors(9L << 12);
        assertEquals(Refusal.TYPE_CONFLICT, map(leaf, direct.machineFrame(9) << 12, GuestEntry.WRITE));
    }

    /** A PAE root in frame 0, its last directory in frame 1. */
    private long paeRoot() {
        use(DirectLayout.PAE);
        direct.pin(0);
        long root = direct.machineFrame(0) << 12;
        assertNull(direct.update(root + 8 * 3, direct.machineFrame(1) << 12 | GuestEntry.PRESENT));
        return root;
    }

    @Test
    void theLastDirectoryOfAPaeGuestHasTheHypervisorsEntries() {
        long root = paeRoot();
        long at = (direct.machineFrame(1) << 12) + 8L * RESIDENT_PLACE;
        assertEquals(RESIDENT.get(0), memory.read(at));
        assertEquals(Refusal.RESERVED_ENTRY, direct.update(at, 0));
        assertEquals(
                Refusal.TYPE_CONFLICT,
                direct.update(root, direct.machineFrame(1) << 12 | GuestEntry.PRESENT),
                "nowhere else, for a user would reach them there");
    }

    @Test
    void anAddressSpaceWithoutTheHypervisorIsNotEntered() {
        use(DirectLayout.PAE);
        direct.pin(0);
        assertTrue(!direct.enter(0, 0));
    }

    @Test
    void aRootInUseKeepsItsTablesWhenItIsRegisteredNoMore() {
        long leaf = leafTable();
        assertTrue(direct.enter(0, 0));
        long userRoot = direct.root(0, false);
        assertEquals(4L << 12, direct.unpin(0));
        assertEquals(userRoot, direct.root(0, false));
        assertEquals(Refusal.TYPE_CONFLICT, map(leaf, direct.machineFrame(0) << 12, GuestEntry.WRITE));
        assertTrue(!direct.enter(0, 0), "nobody enters it again");
    }

    @Test
    void aPaeRootInUseStaysAsTheProcessorHasIt() {
        long root = paeRoot();
        long entry = direct.machineFrame(2) << 12 | GuestEntry.PRESENT;
        assertNull(direct.update(root, entry));
        assertTrue(direct.enter(0, 0));
        assertEquals(Refusal.ROOT_IN_USE, direct.update(root, 0));
        assertEquals(entry, memory.read(direct.root(0, true)), "the copy that CR3 leads to");
    }

    @Test
    void aPaeRootWithBitsThatAreReservedWouldBeTheHypervisorsFault() {
        long root = paeRoot();
        long entry = direct.machineFrame(2) << 12 | GuestEntry.PRESENT;
        for (long bit :
                new long[] {GuestEntry.WRITE, GuestEntry.USER, GuestEntry.ACCESSED, GuestEntry.PAGE, 1L << 63}) {
            assertEquals(Refusal.RESERVED_BIT, direct.update(root, entry | bit));
        }
        assertEquals(Refusal.NOT_A_TABLE, direct.update(root + 8 * 4, entry), "there are four entries");
    }

    @Test
    void aWriteToATableIsDoneAsAnUpdate() {
        long leaf = leafTable();
        assertTrue(direct.enter(0, 0));
        assertNull(map(leaf, leaf, 0)); // the table of level 1 is seen at address 0
        assertTrue(direct.emulatesWrite(0, 0, 8));
        assertTrue(
                !direct.emulatesWrite(0, 4, 8) && !direct.emulatesWrite(0, 0, 4) && !direct.emulatesWrite(0, 4096, 8));
    }
}
