package hvsim.scenarios.explain;

import hvsim.cpu.state.Registers;
import hvsim.ept.AccessRights;
import hvsim.ept.EptEntry;
import hvsim.ept.EptPointer;
import hvsim.ept.EptVpidCapability;
import hvsim.ept.GuestEntry;
import hvsim.ept.NestedWalker;
import hvsim.ept.PagingCapability;
import hvsim.ept.PagingMode;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.Walk;
import hvsim.ept.WalkCaches;
import hvsim.ept.WalkJournal;
import hvsim.ept.WalkJournal.Step;
import hvsim.ept.WalkSpec;
import hvsim.ept.WalkSpec.StructureCache;
import hvsim.tlb.PageSize;
import hvsim.tlb.TlbTag;
import java.util.List;
import java.util.Map;

/**
 * One page behind tables of both stages in a small machine, walked by the model's own walker. Entries are well formed
 * and lead to one another where the question gives none; tables lie where the entries above say.
 */
final class WalkExample {
    private static final long EPT_ROOT_HPA = 1L << 44;
    private static final long GUEST_ROOT_GPA = 0x1000;

    /** Tables are that far apart in guest-physical memory, so that the second stage has a path of its own to each. */
    private static final long APART = 1L << 39;

    private static final long PAGE_FLAGS = GuestEntry.USER | GuestEntry.WRITE | GuestEntry.ACCESSED | GuestEntry.DIRTY;

    private final WalkSetup setup;
    private final PagingMode mode;
    private final Registers registers;
    private final long gva;
    private final Map<String, Long> given;
    private final PhysicalMemory memory = new PhysicalMemory(1L << PhysicalMemory.ADDRESS_BITS);
    private final Walk walk = new Walk();
    private long nextEptHpa = EPT_ROOT_HPA + 0x1000;
    private List<Step> steps = List.of();

    WalkExample(WalkSetup setup) {
        this.setup = setup;
        this.mode = setup.paging().mode();
        this.registers = setup.machineRegisters();
        this.gva = setup.address(mode);
        this.given = setup.given();
        buildGuest();
        WalkCaches caches = caches();
        if (!setup.cached().isEmpty()) {
            walk(caches);
        }
        steps = walk(caches);
    }

    List<Step> steps() {
        return steps;
    }

    Walk walk() {
        return walk;
    }

    long gva() {
        return gva;
    }

    PagingMode mode() {
        return mode;
    }

    /** What an entry that was read contains now. */
    long now(Step step) {
        long word = memory.read(step.hpa() & -8L);
        return mode == PagingMode.TWO_LEVEL && step.kind() == WalkJournal.Kind.GUEST
                ? word >>> (step.hpa() & 4) * 8 & 0xFFFF_FFFFL
                : word;
    }

    private void buildGuest() {
        if (mode == PagingMode.OFF) {
            back(gva, "ept.");
            return;
        }
        int top = mode == PagingMode.PAE ? 3 : mode.levels();
        long where = GUEST_ROOT_GPA;
        registers.cr3 = GUEST_ROOT_GPA;
        for (int level = top; level >= 1; level--) {
            boolean leaf = level == leafLevel();
            long plain = leaf ? plainLeaf(level) : plainTable(level);
            long entry = given.getOrDefault(WalkSetup.LEVELS.get(level), plain);
            if (mode == PagingMode.PAE && level == 3) {
                registers.pdptes[(int) (gva >>> 30) & 3] = entry;
            } else {
                back(where, WalkSetup.LEVELS.get(level) + ".ept.");
                writeGuest(where + index(level) * entryBytes(), entry);
            }
            if ((entry & GuestEntry.PRESENT) == 0) {
                return;
            }
            if (isLeaf(entry, level)) {
                back(pageAddress(entry, level) | gva & (1L << shift(level)) - 1, "ept.");
                return;
            }
            where = entry & GuestEntry.ADDRESS & (mode == PagingMode.TWO_LEVEL ? 0xFFFF_F000L : -1L);
        }
    }

    private int leafLevel() {
        return mode == PagingMode.TWO_LEVEL && setup.guestPage() != PageSize.SIZE_4K
                ? 2
                : setup.guestPage().leafLevel();
    }

    private long plainTable(int level) {
        long address = mode.isLong() ? level * APART : level * 0x10_0000L;
        boolean isPdpte = mode == PagingMode.PAE && level == 3;
        return isPdpte ? address | GuestEntry.PRESENT : GuestEntry.table(address, true);
    }

    private long plainLeaf(int level) {
        long address = mode.isLong() ? 6 * APART : 0x4000_0000L;
        PageSize size = level == 1 ? PageSize.SIZE_4K : setup.guestPage();
        return GuestEntry.leaf(address | (level == 1 ? 0x7000 : 0), size, PAGE_FLAGS);
    }

    private boolean isLeaf(long entry, int level) {
        boolean large = mode != PagingMode.TWO_LEVEL || (registers.cr4 & Registers.CR4_PSE) != 0;
        boolean possible = mode.isLong() ? level <= 3 : level <= 2;
        return level == 1 || possible && large && (entry & GuestEntry.PAGE) != 0;
    }

    /** A 4 MiB page of 32-bit paging has address bits 39:32 in bits 20:13 of its entry. */
    private long pageAddress(long entry, int level) {
        if (mode == PagingMode.TWO_LEVEL && level == 2) {
            return entry & 0xFFC0_0000L | (entry >>> 13 & 0xFF) << 32;
        }
        return entry & GuestEntry.ADDRESS & -(1L << shift(level));
    }

    private int shift(int level) {
        return 12 + (mode == PagingMode.TWO_LEVEL ? 10 : 9) * (level - 1);
    }

    private long index(int level) {
        return gva >>> shift(level) & (mode == PagingMode.TWO_LEVEL ? 0x3FF : 0x1FF);
    }

    private int entryBytes() {
        return mode == PagingMode.TWO_LEVEL ? 4 : 8;
    }

    /** Guest-physical and machine addresses are the same where entries of the second stage are plain. */
    private void writeGuest(long gpa, long entry) {
        long hpa = gpa & (1L << PhysicalMemory.ADDRESS_BITS) - 1;
        if (entryBytes() == 8) {
            memory.write(hpa, entry);
        } else {
            int shift = (int) (hpa & 4) * 8;
            long others = memory.read(hpa & -8L) & ~(0xFFFF_FFFFL << shift);
            memory.write(hpa & -8L, others | (entry & 0xFFFF_FFFFL) << shift);
        }
    }

    /** Maps the page of a guest-physical address in the second stage, by plain entries or those that are given. */
    private void back(long gpa, String path) {
        long table = EPT_ROOT_HPA;
        for (int level = setup.eptLevels(); setup.nested() && level >= 1; level--) {
            long hpa = table + (gpa >>> 12 + 9 * (level - 1) & 0x1FF) * 8;
            long entry = given.getOrDefault(path + WalkSetup.LEVELS.get(level), plainEpt(gpa, level, memory.read(hpa)));
            memory.write(hpa, entry);
            if (EptEntry.isLeaf(entry, level) || (entry & EptEntry.RIGHTS) == 0) {
                return;
            }
            table = entry & GuestEntry.ADDRESS & (1L << PhysicalMemory.ADDRESS_BITS) - 1;
        }
    }

    private long plainEpt(long gpa, int level, long old) {
        if (old != 0) {
            return old;
        }
        PageSize page = setup.hostPage();
        if (level == page.leafLevel()) {
            return EptEntry.leaf(gpa & GuestEntry.ADDRESS & -page.bytes(), page, EptEntry.RIGHTS);
        }
        nextEptHpa += 0x1000;
        return EptEntry.table(nextEptHpa);
    }

    private WalkCaches caches() {
        StructureCache guestCache = new StructureCache(remembers("pml4e"), remembers("pdpte"), remembers("pde"));
        return new WalkCaches(new WalkSpec(
                guestCache, WalkSpec.UNCACHED.secondStageCache(), setup.cached().contains("nested_tlb") ? 8 : 0));
    }

    private int remembers(String structure) {
        return setup.cached().contains(structure) ? 1 : 0;
    }

    private List<Step> walk(WalkCaches caches) {
        WalkJournal journal = WalkJournal.writing();
        NestedWalker walker = new NestedWalker(memory, caches, capability(), journal);
        AccessRights rights = new AccessRights();
        rights.set(setup.cpl() == 3, registers.cr0, registers.cr4, registers.efer, registers.rflags, registers.pkru);
        TlbTag tags = new TlbTag();
        if (setup.nested()) {
            long eptp = EptPointer.pack(EPT_ROOT_HPA, setup.eptLevels(), setup.has("accessed_dirty", false));
            walker.enterNested(
                    setup.paging(),
                    registers.cr3,
                    registers.pdptes,
                    tags.of(1, 0, EPT_ROOT_HPA),
                    eptp,
                    setup.has("mode_based_execute", false),
                    tags.ofGuestPhysical(EPT_ROOT_HPA));
        } else {
            walker.enterNative(setup.paging(), registers.cr3, registers.pdptes, tags.of(0, 0, TlbTag.NO_EP4TA));
        }
        walker.walk(gva, setup.accessKind(), rights, walk);
        return journal.steps();
    }

    private PagingCapability capability() {
        long ept = EptVpidCapability.ALL
                & ~(setup.has("execute_only", true) ? 0 : EptVpidCapability.EXECUTE_ONLY)
                & ~(setup.has("pages_2m", true) ? 0 : EptVpidCapability.PAGES_2M)
                & ~(setup.has("pages_1g", true) ? 0 : EptVpidCapability.PAGES_1G)
                & ~(setup.has("advanced_information", false) ? 0 : EptVpidCapability.ADVANCED_VIOLATION_INFORMATION);
        return new PagingCapability(setup.physicalAddressBits(), setup.has("guest_pages_1g", true), ept);
    }
}
