package hvsim.vmm.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.ept.EptEntry;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
import hvsim.tlb.PageSize;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A guest hypervisor edits its tables at random, its guest touches memory, and now and then it says INVEPT: what the
 * composed tables say was so at some time since then, with no right that either of the two others did not give.
 */
class ComposedTablesLawTest {
    private static final long GUEST_BYTES = 64L << 20;
    private static final long FIRST_LENT = 32L << 20;
    private static final long LARGE = PageSize.SIZE_2M.bytes();
    private static final int REGIONS = 3;
    private static final int PAGES = 8;
    private static final int STEPS = 4000;

    private final PhysicalMemory memory = new PhysicalMemory(1L << 30);
    private final MachineFrames frames = new MachineFrames(1, 1L << 30);
    private final List<Long> touched = new ArrayList<>();

    /** By number of what is touched: where it was, with which rights, since the last INVEPT. */
    private final List<Set<EptMapping>> history = new ArrayList<>();

    private MemoryMap outer;
    private Frames own;
    private PageTable inner;
    private ComposedTables composed;

    private void setUp(PageSize hostPage) {
        Frames host = frames.ofHypervisor(0);
        outer = new MemoryMap(memory, 4, TableLayout.FOUR_LEVEL, frames, frames.of(1, 0), host, hostPage, GUEST_BYTES);
        own = new Frames(new FrameAllocator(FIRST_LENT, "the guest hypervisor's own memory"), 0, outer);
        inner = outer.within(own, own, hostPage).table();
        composed = new ComposedTables(memory, host, inner, outer);
        for (int region = 0; region < REGIONS; region++) {
            for (int page = 0; page < PAGES; page++) {
                touched.add(region * LARGE + page * 0x37000L);
                history.add(new HashSet<>());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, SIZE_4K", "2, SIZE_4K", "3, SIZE_2M", "4, SIZE_2M"})
    void anEntryIsACompositionSinceTheLastInvept(long seed, PageSize hostPage) {
        Random random = new Random(seed);
        setUp(hostPage);
        for (int step = 0; step < STEPS; step++) {
            int what = random.nextInt(20);
            if (what == 0) {
                composed.drop();
                history.forEach(Set::clear);
                note();
            } else if (what < 8) {
                edit(random);
                note();
            } else {
                touch(touched.get(random.nextInt(touched.size())), 1L << random.nextInt(3));
            }
            check();
        }
        assertEquals("", outer.audit(composed.table()));
    }

    private void edit(Random random) {
        long gpa = touched.get(random.nextInt(touched.size()));
        PageSize size = random.nextInt(4) == 0 ? PageSize.SIZE_2M : PageSize.SIZE_4K;
        long entry =
                EptEntry.leaf(FIRST_LENT + random.nextInt(16) * LARGE / 2 & -size.bytes(), size, random.nextInt(8));
        if (EptEntry.isPresent(inner.entry(gpa, 2)) && EptEntry.isLeaf(inner.entry(gpa, 2), 2)) {
            inner.setEntry(gpa, 2, 0);
        }
        for (int level = inner.missingTable(gpa, size); level != 0; level = inner.missingTable(gpa, size)) {
            inner.link(gpa, level, own.allocate(PageSize.SIZE_4K), false);
        }
        inner.setLeaf(gpa, size, EptEntry.isPresent(entry) ? entry : 0);
    }

    private void note() {
        for (int i = 0; i < touched.size(); i++) {
            EptMapping now = EptMapping.of(inner, touched.get(i));
            if (now != null) {
                history.get(i).add(new EptMapping(now.translate(touched.get(i)), PageSize.SIZE_4K, now.rights()));
            }
        }
    }

    /** As the processor and the machine's hypervisor do: what is missing is composed if the guest hypervisor allows it. */
    private void touch(long gpa, long access) {
        EptMapping known = EptMapping.of(composed.table(), gpa);
        if (known != null && known.allows(access) || !composed.isInnerAllowing(gpa, access)) {
            return;
        }
        assertTrue(composed.fill(gpa) > 0);
        EptMapping first = EptMapping.of(inner, gpa);
        EptMapping made = EptMapping.of(composed.table(), gpa);
        assertNotNull(first);
        assertNotNull(made);
        assertEquals(outer.table().translate(first.translate(gpa)), made.translate(gpa));
        assertEquals(first.rights(), made.rights());
        assertTrue(made.size().bytes() <= first.size().bytes());
    }

    private void check() {
        for (int i = 0; i < touched.size(); i++) {
            long gpa = touched.get(i);
            EptMapping made = EptMapping.of(composed.table(), gpa);
            assertTrue(made == null || history.get(i).stream().anyMatch(was -> isComposition(was, made, gpa)));
        }
    }

    private boolean isComposition(EptMapping was, EptMapping made, long gpa) {
        return outer.table().translate(was.page()) == made.translate(gpa) && was.allows(made.rights());
    }
}
