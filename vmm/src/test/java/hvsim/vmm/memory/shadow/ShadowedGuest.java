package hvsim.vmm.memory.shadow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.state.Registers;
import hvsim.ept.AccessRights;
import hvsim.ept.GuestEntry;
import hvsim.ept.GuestPage;
import hvsim.ept.GuestPaging;
import hvsim.ept.NestedWalker;
import hvsim.ept.PageFaultCode;
import hvsim.ept.PageTable;
import hvsim.ept.PagingMode;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
import hvsim.ept.Walk;
import hvsim.ept.WalkCaches;
import hvsim.ept.WalkSpec;
import hvsim.tlb.AccessKind;
import hvsim.tlb.PageSize;
import hvsim.tlb.Translation;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.MachineFrames;
import hvsim.vmm.memory.MemoryMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A random guest that edits their tables, touches pages, drops translations and changes address spaces, against what their
 * tables say: what each shadow entry maps and allows, and what each access comes to.
 */
final class ShadowedGuest {
    private static final long CR0 = Registers.CR0_PG | Registers.CR0_PE | Registers.CR0_WP;
    static final long NO_EXECUTE = 1L << 63;
    private static final long GUEST_BYTES = 24L << 20;

    private static final int WATCHED = 10;
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

    final TableLayout layout;

    /** Frames of which somebody wants to know when they are written. */
    private final Set<Long> watched = new TreeSet<>();

    /** Where the guest's kernel sees all of its memory, through large pages. */
    final long direct;

    final GuestPage large;
    private final long cr4;
    private final long realCr4;
    private final long efer;

    /** By guest-physical address of an entry: what it was at some time since all translations were dropped. */
    final Map<Long, List<Long>> recent = new HashMap<>();

    /** Writes by which the shadow was changed without a fault. */
    int writtenInLine;

    private boolean looksAtWrites;
    long cr0 = CR0;
    private long nextTable = 0x1000;

    /** The first table that the guest makes as it goes. */
    private final long firstOfItsOwn;

    ShadowedGuest(ShadowSpec spec, PageSize hostPage) {
        this(TableLayout.FOUR_LEVEL, spec, hostPage);
    }

    ShadowedGuest(TableLayout layout, ShadowSpec spec, PageSize hostPage) {
        this.layout = layout;
        direct = layout.isLong() ? layout.bytes(layout.levels()) : 0xC000_0000L;
        large = GuestPage.ofLevel2(layout);
        cr4 = Registers.CR4_PGE
                | (layout == TableLayout.TWO_LEVEL ? Registers.CR4_PSE : Registers.CR4_PAE)
                | (layout == TableLayout.FIVE_LEVEL ? Registers.CR4_LA57 : 0);
        realCr4 = cr4 | Registers.CR4_PAE;
        efer = switch (layout) {
            case TWO_LEVEL -> 0;
            case PAE -> Registers.EFER_NXE;
            case FOUR_LEVEL, FIVE_LEVEL -> Registers.EFER_LME | Registers.EFER_LMA | Registers.EFER_NXE;
        };
        Frames own = frames.ofHypervisor(0);
        map = new MemoryMap(
                memory,
                layout == TableLayout.FIVE_LEVEL ? 5 : 4,
                layout,
                frames,
                frames.of(1, 0),
                own,
                hostPage,
                GUEST_BYTES);
        PagingMode paging = GuestPaging.of(cr0, cr4, efer).mode();
        shadow = new ShadowMemory(memory, map, paging, own, own, spec, 2);
        for (int p = 0; p < PROCESSES; p++) {
            roots[p] = takeTable();
        }
        mapDirect();
        firstOfItsOwn = nextTable;
        for (int vcpu = 0; vcpu < 2; vcpu++) {
            shadowRoot[vcpu] = shadow.enter(vcpu, roots[0], View.AS_IS);
        }
    }

    private void mapDirect() {
        PageTable first = map.guestTable(roots[0]);
        for (int i = 0; layout == TableLayout.PAE && i < 4; i++) {
            first.link((long) i << 30, 2, takeTable(), true);
        }
        for (long gpa = 0; gpa < GUEST_BYTES; gpa += large.bytes()) {
            for (int level = first.missingTable(direct + gpa, 2);
                    level != 0;
                    level = first.missingTable(direct + gpa, 2)) {
                first.link(direct + gpa, level, takeTable(), true);
            }
            edit(first.entryAddress(direct + gpa, 2), large.leaf(gpa, GuestEntry.WRITE | GuestEntry.GLOBAL));
        }
        for (int p = 1; p < PROCESSES; p++) {
            shareDirect(first, map.guestTable(roots[p]));
        }
    }

    /** Under PAE paging other processes have directories of their own for what is not shared. */
    private void shareDirect(PageTable from, PageTable to) {
        for (long gva = 0; layout == TableLayout.PAE && gva < direct; gva += 1L << 30) {
            to.link(gva, 2, takeTable(), true);
        }
        int top = layout.levels();
        for (long gva = direct; gva < direct + GUEST_BYTES; gva += layout.bytes(top)) {
            to.setEntry(gva, top, from.entry(gva, top));
        }
    }

    long takeTable() {
        long gpa = nextTable;
        nextTable += 0x1000;
        map.back(gpa);
        return gpa;
    }

    /** A page that is a table by chance may be one that nobody has touched. */
    void edit(long entryGpa, long value) {
        map.back(entryGpa);
        recent.computeIfAbsent(entryGpa, gpa -> new ArrayList<>(List.of(read(gpa))))
                .add(value);
        long hpa = map.table().translate(entryGpa);
        if (layout == TableLayout.TWO_LEVEL) {
            int shift = (int) (hpa & 4) * 8;
            memory.write(hpa & -8, memory.read(hpa & -8) & ~(0xFFFF_FFFFL << shift) | value << shift);
        } else {
            memory.write(hpa, value);
        }
    }

    long read(long gpa) {
        return layout.read(memory, map.table().translate(gpa));
    }

    void step(Random random) {
        int vcpu = random.nextInt(2);
        switch (random.nextInt(20)) {
            case 0 -> load(vcpu, random.nextInt(PROCESSES));
            case 1 -> shadow.invalidateAddress(vcpu, address(random));
            case 2, 3, 4, 5 -> {
                looksAtWrites = random.nextBoolean();
                change(vcpu, random);
            }
            case 6 -> write(vcpu, direct + 0x1000L * (1 + random.nextInt(TABLE_FRAMES)) + 8L * random.nextInt(4), 8);
            case 7 -> toggleWriteProtection(vcpu, random);
            case 8 -> watch(random);
            default -> touch(vcpu, random);
        }
    }

    private void watch(Random random) {
        long gfn = 0x200L + random.nextInt(WATCHED);
        shadow.watch(gfn);
        watched.add(gfn);
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
        int level = layout.levels();
        while (level > 2 && isTable(table.entry(gva, level), level)) {
            level--;
        }
        if (level > 2) {
            store(vcpu, table.entryAddress(gva, level), GuestEntry.table(newTable(random), random.nextBoolean()));
            return;
        }
        if (isTable(table.entry(gva, 2), 2) && random.nextInt(6) != 0) {
            store(vcpu, table.entryAddress(gva, 1), page(random, GuestPage.KIB_4));
        } else {
            long value = random.nextInt(3) == 0
                    ? page(random, large)
                    : random.nextInt(4) == 0 ? 0 : GuestEntry.table(newTable(random), random.nextBoolean());
            store(vcpu, table.entryAddress(gva, 2), value);
        }
    }

    private static boolean isTable(long entry, int level) {
        return GuestEntry.isPresent(entry) && !GuestEntry.isLeaf(entry, level);
    }

    private long newTable(Random random) {
        return nextTable < 0x1000L * TABLE_FRAMES ? takeTable() : firstOfItsOwn + 0x1000L * random.nextInt(20);
    }

    private long page(Random random, GuestPage size) {
        if (random.nextInt(5) == 0) {
            return 0;
        }
        long gpa = size == large ? (long) random.nextInt(4) << size.shift() : 0x200000L + 0x1000L * random.nextInt(40);
        long bits = (random.nextInt(4) == 0 ? 0 : GuestEntry.WRITE)
                | (random.nextInt(4) == 0 ? 0 : GuestEntry.USER)
                | (random.nextInt(4) == 0 && layout != TableLayout.TWO_LEVEL ? NO_EXECUTE : 0)
                | (random.nextInt(4) == 0 ? GuestEntry.GLOBAL : 0)
                | (random.nextInt(2) == 0 ? GuestEntry.ACCESSED : 0)
                | (random.nextInt(4) == 0 ? GuestEntry.DIRTY : 0);
        return size.leaf(gpa, bits);
    }

    /** A table entry is written as the model's guest kernels do: it has its value, then the access is made. */
    private void store(int vcpu, long entryGpa, long value) {
        edit(entryGpa, value);
        write(vcpu, direct + entryGpa, layout.entryBytes());
    }

    private void write(int vcpu, long gva, int bytes) {
        if (!looksAtWrites || !isWrittenInLine(vcpu, gva, bytes)) {
            access(vcpu, gva, AccessKind.WRITE, false, bytes);
        }
    }

    /** As translated code does. */
    private boolean isWrittenInLine(int vcpu, long gva, int bytes) {
        TableWrite write = shadow.followInLine(vcpu, new GuestAccess(state(vcpu), gva, PageFaultCode.WRITE, bytes));
        boolean isDone = write == TableWrite.EMPTIES || write == TableWrite.KEEPS_PAGE;
        if (isDone) {
            noteFlags(vcpu, gva);
            writtenInLine++;
            long gfn = map.guestTable(roots[process[vcpu]]).translate(gva) >>> 12;
            assertFalse(watched.contains(gfn), "a write goes unnoticed");
            assertFalse(shadow.work().needsFlush(), "translated code cannot drop translations");
        }
        return isDone;
    }

    private void touch(int vcpu, Random random) {
        access(vcpu, address(random), random.nextInt(3), random.nextBoolean(), 8);
    }

    /** What the processor does: it walks the shadow tables, and the hypervisor answers the faults. */
    void access(int vcpu, long gva, int kind, boolean user, int bytes) {
        for (int tries = 0; ; tries++) {
            assertTrue(tries < 4, "the access never succeeds");
            long real = cr0 | Registers.CR0_WP;
            rights.set(user, real, realCr4, efer, 0, 0);
            hardware.enterNative(GuestPaging.of(real, realCr4, efer), shadowRoot[vcpu], pdptes(vcpu), 1);
            if (hardware.walk(gva, kind, rights, walk)) {
                noteFlags(vcpu, gva);
                assertFalse(kind == AccessKind.WRITE && isWatched(gva), "a write goes unnoticed");
                return;
            }
            if (kind == AccessKind.WRITE) {
                long gfn = map.guestTable(roots[process[vcpu]]).translate(gva) >>> 12;
                assertEquals(watched.remove(gfn), shadow.unwatch(gfn));
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

    /** Where the last walk has led: by a stale translation it may be elsewhere than the guest's tables say. */
    private boolean isWatched(long gva) {
        long hpa = Translation.hpa(walk.translation(), gva) & -4096L;
        return watched.stream().anyMatch(gfn -> map.table().translate(gfn << 12) == hpa);
    }

    /** As they are loaded with CR3. */
    private long[] pdptes(int vcpu) {
        long[] pdptes = new long[4];
        for (int i = 0; i < pdptes.length; i++) {
            pdptes[i] = memory.read(shadowRoot[vcpu] + 8L * i);
        }
        return pdptes;
    }

    private PagingState state(int vcpu) {
        return new PagingState(cr0, roots[process[vcpu]], cr4, efer, 0, 0);
    }

    /** Whether the guest's tables allow it: the naive account. */
    private boolean expected(int vcpu, long gva, int kind, boolean user) {
        PageTable table = map.guestTable(roots[process[vcpu]]);
        boolean writable = true;
        boolean userPage = true;
        boolean executable = true;
        for (int level = layout.levels(); level > 0; level--) {
            long entry = table.entry(gva, level);
            if (!GuestEntry.isPresent(entry)) {
                return false;
            }
            boolean hasRights = layout != TableLayout.PAE || level < layout.levels();
            writable &= !hasRights || (entry & GuestEntry.WRITE) != 0;
            userPage &= !hasRights || (entry & GuestEntry.USER) != 0;
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
        for (int level = layout.levels(); level > 0 && table.tableAddress(gva, level) != PageTable.UNMAPPED; level--) {
            long at = table.entryAddress(gva, level);
            recent.computeIfPresent(at, (gpa, values) -> {
                values.add(read(gpa));
                return values;
            });
        }
    }

    /** The law, over all entries of all shadow tables. */
    void check() {
        new ShadowEntryLaw(this).check();
    }
}
