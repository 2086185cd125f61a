package hvsim.vmm.memory.direct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.ept.GuestEntry;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
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
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random updates, most of them forged: after each, types and counts of all frames are what somebody counts who goes through
 * all registered tables from their roots and knows nothing of what was counted before.
 */
class FrameTypesLawTest {
    private static final long MACHINE = 64L << 20;
    private static final int FRAMES = 24;
    private static final int STEPS = 1_500;
    private static final int PLACES = 4;
    private static final Resident RESIDENT = new Resident(4, 0, 2, List.of(0x7000 | GuestEntry.PRESENT));
    private static final long ADDRESS = GuestEntry.ADDRESS;

    private final PhysicalMemory memory = new PhysicalMemory(MACHINE);
    private final MachineFrames machine = new MachineFrames(1, MACHINE);
    private final DirectMemory direct = guest(1);
    private final DirectMemory other = guest(2);
    private final TreeMap<Long, Long> pinned = new TreeMap<>();

    private DirectMemory guest(int owner) {
        Frames own = machine.of(owner, 0);
        MemoryMap map = new MemoryMap(
                memory,
                4,
                TableLayout.FOUR_LEVEL,
                machine,
                own,
                machine.ofHypervisor(0),
                PageSize.SIZE_4K,
                (long) FRAMES << 12);
        DirectMemory guest = new DirectMemory(memory, map, 1);
        guest.keep(RESIDENT);
        for (int gfn = 0; gfn < FRAMES; gfn++) {
            guest.back((long) gfn << 12);
        }
        return guest;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void countsAreWhatTheTablesSay(long seed) {
        Random random = new Random(seed);
        int made = 0;
        for (int step = 0; step < STEPS; step++) {
            int kind = random.nextInt(40);
            if (kind == 0) {
                pin(gpa(random), gpa(random));
            } else if (kind == 1 && !pinned.isEmpty()) {
                unpin(pinned.firstKey());
            } else {
                made += update(random) ? 1 : 0;
            }
            recount("seed " + seed + ", step " + step);
        }
        assertTrue(made > STEPS / 20, made + " updates were made");
        assertTrue(made < STEPS - STEPS / 20, made + " updates were made");
        assertEquals("", direct.audit());
    }

    private static long gpa(Random random) {
        return (long) random.nextInt(FRAMES) << 12;
    }

    private void pin(long root, long userRoot) {
        if (root != userRoot && !pinned.containsKey(root)) {
            try {
                direct.pin(root, userRoot);
                pinned.put(root, userRoot);
            } catch (IllegalStateException refused) {
                assertTrue(refused.getMessage().contains("refuses"), refused.getMessage());
            }
        }
    }

    private void unpin(long root) {
        assertEquals(pinned.remove(root), direct.unpin(root));
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
        long rights = random.nextBoolean() ? GuestEntry.WRITE | GuestEntry.USER : GuestEntry.USER;
        return hfn << 12 | GuestEntry.PRESENT | rights | (random.nextInt(20) == 0 ? GuestEntry.PAGE : 0);
    }

    /** The naive count: each reference from a root that is pinned, of each table once. */
    private void recount(String where) {
        Recount recount = new Recount();
        pinned.forEach((root, user) -> {
            recount.reference(direct.machineFrame(root >>> 12), FrameType.L4_TABLE);
            recount.reference(direct.machineFrame(user >>> 12), FrameType.L4_TABLE);
        });
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

        void reference(long hfn, FrameType type) {
            assertTrue(direct.frames().isOwn(hfn), "a frame of others is reached");
            FrameType before = types.put(hfn, type);
            assertTrue(before == null || before == type, "a " + before + " is used as " + type);
            all.merge(hfn, 1, Integer::sum);
            if (typed.merge(hfn, 1, Integer::sum) == 1 && type.isTable()) {
                follow(hfn, type.level());
            }
        }

        private void follow(long hfn, int level) {
            for (int i = 0; i < 512; i++) {
                long entry = memory.read(hfn << 12 | 8L * i);
                if (GuestEntry.isPresent(entry) && !(level == 4 && RESIDENT.holds(i))) {
                    long to = (entry & ADDRESS) >>> 12;
                    if (level > 1) {
                        reference(to, FrameType.ofTable(level - 1));
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
        long at = (direct.machineFrame(0) << 12) + 8L * RESIDENT.first();
        assertEquals(RESIDENT.entry(RESIDENT.first()), memory.read(at));
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
