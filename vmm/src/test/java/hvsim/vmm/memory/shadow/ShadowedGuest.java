package hvsim.vmm.memory.shadow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.state.Registers;
import hvsim.ept.AccessRights;
import hvsim.ept.GuestEntry;
import hvsim.ept.GuestPaging;
import hvsim.ept.NestedWalker;
import hvsim.ept.PageFaultCode;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
import hvsim.ept.Walk;
import hvsim.ept.WalkCaches;
import hvsim.ept.WalkSpec;
import hvsim.tlb.AccessKind;
import hvsim.tlb.PageSize;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.MachineFrames;
import hvsim.vmm.memory.MemoryMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A random guest that edits their tables, touches pages, drops translations and changes address spaces, against what their
 * tables say: what each shadow entry maps and allows, and what each access comes to.
 */
final class ShadowedGuest {
    private static final long CR0 = Registers.CR0_PG | Registers.CR0_PE | Registers.CR0_WP;
    private static final long CR4 = Registers.CR4_PAE | Registers.CR4_PGE;
    private static final long EFER = Registers.EFER_LME | Registers.EFER_LMA | Registers.EFER_NXE;
    private static final long NO_EXECUTE = 1L << 63;
    private static final long GUEST_BYTES = 24L << 20;

    /** Where the guest's kernel sees all of its memory, through pages of 2 MiB. */
    private static final long DIRECT = 1L << 39;

    private static final int PROCESSES = 3;
    private static final int TABLE_FRAMES = 64;
    private static final int REGIONS = 4;
    private static final int PAGES = 6;

    private final PhysicalMemory memory = new PhysicalMemory(1L << 30);
    private final MachineFrames frames = new MachineFrames(1, 1L << 30);
    final MemoryMap map;
    final ShadowMemory shadow;
    private final NestedWalker hardware = new NestedWalker(memory, new WalkCaches(WalkSpec.UNCACHED));
    private final AccessRights rights = new AccessRights();
    final Walk walk = new Walk();
    final long[] roots = new long[PROCESSES];
    private final long[] shadowRoot = new long[2];
    private final int[] process = new int[2];

    /** By guest-physical address of an entry: what it was at some time since all translations were dropped. */
    private final Map<Long, List<Long>> recent = new HashMap<>();

    private long cr0 = CR0;
    private long nextTable = 0x1000;

    ShadowedGuest(ShadowSpec spec, PageSize hostPage) {
        Frames own = frames.ofHypervisor(0);
        map = new MemoryMap(memory, 4, TableLayout.FOUR_LEVEL, frames, frames.of(1, 0), own, hostPage, GUEST_BYTES);
        shadow = new ShadowMemory(memory, map, own, spec, 2);
        for (int p = 0; p < PROCESSES; p++) {
            roots[p] = takeTable();
        }
        long shared = takeTable();
        long directory = takeTable();
        for (long root : roots) {
            edit(root + 8, GuestEntry.table(shared, true));
        }
        edit(shared, GuestEntry.table(directory, true));
        for (long gpa = 0; gpa < GUEST_BYTES; gpa += PageSize.SIZE_2M.bytes()) {
            long leaf = GuestEntry.leaf(gpa, PageSize.SIZE_2M, GuestEntry.WRITE | GuestEntry.GLOBAL);
            edit(directory + 8 * (gpa >>> 21), leaf);
        }
        for (int vcpu = 0; vcpu < 2; vcpu++) {
            shadowRoot[vcpu] = shadow.enter(vcpu, roots[0], View.AS_IS);
        }
    }

    long takeTable() {
        long gpa = nextTable;
        nextTable += 0x1000;
        map.back(gpa);
        return gpa;
    }

    void edit(long entryGpa, long value) {
        recent.computeIfAbsent(entryGpa, gpa -> new ArrayList<>(List.of(read(gpa))))
                .add(value);
        memory.write(map.table().translate(entryGpa), value);
    }

    private long read(long gpa) {
        return memory.read(map.table().translate(gpa));
    }

    void step(Random random) {
        int vcpu = random.nextInt(2);
        switch (random.nextInt(20)) {
            case 0 -> load(vcpu, random.nextInt(PROCESSES));
            case 1 -> shadow.invalidateAddress(vcpu, address(random));
            case 2, 3, 4, 5 -> change(vcpu, random);
            case 6 -> write(vcpu, DIRECT + 0x1000L * (1 + random.nextInt(TABLE_FRAMES)) + 8L * random.nextInt(4), 8);
            case 7 -> toggleWriteProtection(vcpu, random);
            default -> touch(vcpu, random);
        }
    }

    private void toggleWriteProtection(int vcpu, Random random) {
        if (random.nextInt(10) == 0) {
            PagingState before = state(vcpu);
            cr0 ^= Registers.CR0_WP;
            shadow.changePaging(before, state(vcpu));
            load(0, process[0]);
            load(1, process[1]);
        }
    }

    private void load(int vcpu, int which) {
        process[vcpu] = which;
        shadowRoot[vcpu] = shadow.enter(vcpu, roots[which], View.AS_IS);
        recent.clear();
    }

    private static long address(Random random) {
        return (long) random.nextInt(REGIONS) << 21 | (long) random.nextInt(PAGES) << 12;
    }

    /** The guest's kernel changes one entry for an address: through its tables, which it may have to make first. */
    private void change(int vcpu, Random random) {
        long gva = address(random);
        PageTable table = map.guestTable(roots[process[vcpu]]);
        int level = 4;
        while (level > 2 && GuestEntry.isPresent(table.entry(gva, level))) {
            level--;
        }
        if (level > 2) {
            store(vcpu, table.entryAddress(gva, level), GuestEntry.table(newTable(random), random.nextBoolean()));
            return;
        }
        long directory = table.entry(gva, 2);
        boolean hasTable = GuestEntry.isPresent(directory) && !GuestEntry.isLeaf(directory, 2);
        if (hasTable && random.nextInt(6) != 0) {
            store(vcpu, table.entryAddress(gva, 1), page(random, PageSize.SIZE_4K));
        } else {
            long value = random.nextInt(3) == 0
                    ? page(random, PageSize.SIZE_2M)
                    : random.nextInt(4) == 0 ? 0 : GuestEntry.table(newTable(random), random.nextBoolean());
            store(vcpu, table.entryAddress(gva, 2), value);
        }
    }

    private long newTable(Random random) {
        return nextTable < 0x1000L * TABLE_FRAMES
                ? takeTable()
                : roots[PROCESSES - 1] + 0x3000L + 0x1000L * random.nextInt(20);
    }

    private static long page(Random random, PageSize size) {
        if (random.nextInt(5) == 0) {
            return 0;
        }
        long gpa = size == PageSize.SIZE_2M ? (long) random.nextInt(4) << 21 : 0x200000L + 0x1000L * random.nextInt(40);
        long bits = (random.nextInt(4) == 0 ? 0 : GuestEntry.WRITE)
                | (random.nextInt(4) == 0 ? 0 : GuestEntry.USER)
                | (random.nextInt(4) == 0 ? NO_EXECUTE : 0)
                | (random.nextInt(4) == 0 ? GuestEntry.GLOBAL : 0)
                | (random.nextInt(2) == 0 ? GuestEntry.ACCESSED : 0)
                | (random.nextInt(4) == 0 ? GuestEntry.DIRTY : 0);
        return GuestEntry.leaf(gpa, size, bits);
    }

    /** A table entry is written as the model's guest kernels do: it has its value, then the access is made. */
    private void store(int vcpu, long entryGpa, long value) {
        edit(entryGpa, value);
        write(vcpu, DIRECT + entryGpa, 8);
    }

    private void write(int vcpu, long gva, int bytes) {
        access(vcpu, gva, AccessKind.WRITE, false, bytes);
    }

    private void touch(int vcpu, Random random) {
        access(vcpu, address(random), random.nextInt(3), random.nextBoolean(), 8);
    }

    /** What the processor does: it walks the shadow tables, and the hypervisor answers the faults. */
    void access(int vcpu, long gva, int kind, boolean user, int bytes) {
        for (int tries = 0; ; tries++) {
            assertTrue(tries < 4, "the access never succeeds");
            long real = cr0 | Registers.CR0_WP;
            rights.set(user, real, CR4, EFER, 0, 0);
            hardware.enterNative(GuestPaging.of(real, CR4, EFER), shadowRoot[vcpu], new long[4], 1);
            if (hardware.walk(gva, kind, rights, walk)) {
                noteFlags(vcpu, gva);
                return;
            }
            int code = walk.errorCode();
            assertEquals(0, code & PageFaultCode.RESERVED, "a shadow entry is malformed");
            boolean guestFaults = !expected(vcpu, gva, kind, user);
            ShadowMemory.Fault fault = shadow.handle(vcpu, new GuestAccess(state(vcpu), gva, code, bytes));
            noteFlags(vcpu, gva);
            assertEquals(guestFaults, fault == ShadowMemory.Fault.TRUE);
            if (fault != ShadowMemory.Fault.HIDDEN) {
                return;
            }
        }
    }

    private PagingState state(int vcpu) {
        return new PagingState(cr0, roots[process[vcpu]], CR4, EFER, 0, 0);
    }

    /** Whether the guest's tables allow it: the naive account. */
    private boolean expected(int vcpu, long gva, int kind, boolean user) {
        PageTable table = map.guestTable(roots[process[vcpu]]);
        boolean writable = true;
        boolean userPage = true;
        boolean executable = true;
        for (int level = 4; level > 0; level--) {
            long entry = table.entry(gva, level);
            if (!GuestEntry.isPresent(entry)) {
                return false;
            }
            writable &= (entry & GuestEntry.WRITE) != 0;
            userPage &= (entry & GuestEntry.USER) != 0;
            executable &= (entry & NO_EXECUTE) == 0;
            if (GuestEntry.isLeaf(entry, level)) {
                break;
            }
        }
        boolean write = writable || !user && (cr0 & Registers.CR0_WP) == 0;
        return (userPage || !user) && (kind != AccessKind.WRITE || write) && (kind != AccessKind.FETCH || executable);
    }

    /** Accessed and dirty flags that the walk has set are part of what the entries were. */
    private void noteFlags(int vcpu, long gva) {
        PageTable table = map.guestTable(roots[process[vcpu]]);
        for (int level = 4; level > 0 && table.tableAddress(gva, level) != PageTable.UNMAPPED; level--) {
            long at = table.entryAddress(gva, level);
            recent.computeIfPresent(at, (gpa, values) -> {
                values.add(read(gpa));
                return values;
            });
        }
    }

    /** The law, over all entries of all shadow tables. */
    void check() {
        for (ShadowPage page : shadow.tables().all()) {
            for (int i = 0; i < ShadowPage.ENTRIES; i++) {
                long entry = shadow.tables().read(page, i);
                if (ShadowTables.isLeaf(page, entry) && !page.key().split()) {
                    checkLeaf(page, i, entry);
                }
                if (ShadowTables.isLeaf(page, entry)) {
                    checkWritable(page, i, entry);
                }
            }
        }
    }

    private void checkWritable(ShadowPage page, int index, long entry) {
        long count = 1L << 9 * (page.level() - 1);
        if ((entry & GuestEntry.WRITE) != 0) {
            if (count > 1) {
                assertFalse(shadow.tables().hasTableIn(page.gfn(index), count), "a large writable page holds a table");
            } else {
                assertFalse(shadow.tables().isProtected(page.gfn(index)), "a table in step can be written");
            }
        }
        assertEquals(map.table().translate(page.gfn(index) << 12), entry & GuestEntry.ADDRESS);
    }

    private void checkLeaf(ShadowPage page, int index, long entry) {
        long at = (page.key().gfn() << 12) + 8L * index;
        List<Long> values = page.isOutOfSync() ? recent.getOrDefault(at, List.of(read(at))) : List.of(read(at));
        boolean held = values.stream().anyMatch(value -> isNoMoreThan(page, index, entry, value))
                || isNoMoreThan(page, index, entry, read(at));
        assertTrue(
                held,
                () -> page.key() + " entry " + index + ": shadow " + Long.toHexString(entry) + ", guest "
                        + Long.toHexString(read(at)));
    }

    private boolean isNoMoreThan(ShadowPage page, int index, long entry, long guest) {
        PageSize size = PageSize.byNumber(page.level() - 1);
        boolean sameFrame = GuestEntry.isPresent(guest)
                && GuestEntry.isLeaf(guest, page.level())
                && GuestEntry.pageAddress(guest, size) >>> 12 == page.gfn(index);
        boolean write = (entry & GuestEntry.WRITE) == 0
                || (guest & GuestEntry.WRITE) != 0 && (guest & GuestEntry.DIRTY) != 0
                || (cr0 & Registers.CR0_WP) == 0 && (entry & GuestEntry.USER) == 0;
        boolean user = (entry & GuestEntry.USER) == 0 || (guest & GuestEntry.USER) != 0;
        boolean execute = (entry & NO_EXECUTE) != 0 || (guest & NO_EXECUTE) == 0;
        return sameFrame && write && user && execute;
    }
}
