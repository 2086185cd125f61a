package hvsim.vmm.memory.shadow;

import hvsim.ept.GuestEntry;
import hvsim.ept.PagingMode;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.MappedMemory;
import hvsim.vmm.memory.MemoryMap;

/**
 * Shadow paging: the hardware walks tables that the hypervisor makes, from virtual to machine addresses. The guest has
 * its own, which no hardware ever reads.
 */
public final class ShadowMemory extends MappedMemory {
    private static final int FRAME_SHIFT = PageSize.SIZE_4K.shift();

    private final ShadowSpec spec;
    private final ShadowWork work = new ShadowWork();
    private final ShadowTables tables;
    private final GuestTables guest;
    private final Shadowing shadowing;
    private final WrittenTables writtenTables;
    private final ShadowRoots roots;
    private final GuestWalk walk;

    private int errorCode;

    /** What a page fault turned out to be. */
    public enum Fault {
        /** The guest's tables translate the address, and now the shadow does: the access is tried again. */
        HIDDEN(1),
        /** It is the guest's; {@link #errorCode} says how its kernel is to see it. */
        TRUE(2),
        /** The access wrote a table that is kept in step, and has been carried out; what may be read is mapped. */
        EMULATED_WRITE(3),
        /** The guest's tables lead to where it has no memory: it has read ones, or written in vain. */
        NO_MEMORY(4);

        private final int number;

        Fault(int number) {
            this.number = number;
        }

        /** From 1. */
        public int number() {
            return number;
        }

        public static Fault byNumber(int number) {
            return values()[number - 1];
        }
    }

    /**
     * @param paging of the guest
     * @param tableFrames of the hypervisor's share of machine memory
     * @param lowFrames of it below 4 GiB
     * @param vcpus how many virtual processors the VM has
     */
    public ShadowMemory(
            PhysicalMemory memory,
            MemoryMap map,
            PagingMode paging,
            Frames tableFrames,
            Frames lowFrames,
            ShadowSpec spec,
            int vcpus) {
        super(map);
        this.spec = spec;
        this.tables = new ShadowTables(memory, tableFrames, work, spec.memoryBytes());
        this.guest = new GuestTables(memory, map, map.guestLayout());
        this.shadowing = new Shadowing(map, guest, tables, work);
        this.writtenTables = new WrittenTables(map, guest, tables, shadowing, work);
        this.roots = new ShadowRoots(memory, paging, guest, tables, shadowing, work, lowFrames, spec.roots(), vcpus);
        this.walk = new GuestWalk(memory, map);
    }

    /** What the last call took, and what all took. */
    public ShadowWork work() {
        return work;
    }

    /**
     * A virtual processor enters an address space, as MOV to CR3 does that keeps no translations.
     *
     * @param vcpu number within the VM
     * @param cr3 as the guest believes it to be
     * @return machine address of the shadow's root table
     */
    public long enter(int vcpu, long cr3, View view) {
        work.begin();
        shadowing.syncAll();
        return roots.enter(vcpu, cr3, view);
    }

    /** CR3 of a virtual processor as the guest believes it to be. */
    public long guestCr3(int vcpu) {
        return roots.guestCr3(vcpu);
    }

    /**
     * The same address space, for other eyes.
     *
     * @return machine address of the root table
     */
    public long show(int vcpu, View view) {
        work.begin();
        return roots.show(vcpu, view);
    }

    /** Root tables have entries of the hypervisor's; to be said before there are any. */
    public void keep(Resident resident) {
        tables.keep(resident);
        roots.keepLeft();
    }

    /**
     * A virtual processor's access has faulted.
     *
     * @param vcpu number within the VM
     */
    public Fault handle(int vcpu, GuestAccess access) {
        work.begin();
        boolean translates = walk.translates(access, roots.guestPdptes(vcpu));
        work.reads(walk.references());
        if (walk.leavesMemory()) {
            return Fault.NO_MEMORY;
        }
        if (!translates) {
            errorCode = walk.errorCode();
            work.trueFault();
            return Fault.TRUE;
        }
        ShadowPage root = roots.rootOf(vcpu, access.gva());
        boolean emulated = access.isWrite() && isEmulated(translate(root, access.gva()), access);
        shadowing.fill(root, access.gva(), access.isWrite() && !walk.pageIsWritable());
        if (emulated) {
            work.emulatedWrite();
            return Fault.EMULATED_WRITE;
        }
        work.hiddenFault();
        return Fault.HIDDEN;
    }

    private long translate(ShadowPage root, long gva) {
        return root.key().split() ? gva : guest.translate(root.key().gfn(), root.level(), gva);
    }

    private boolean isEmulated(long gpa, GuestAccess access) {
        long gfn = gpa >>> FRAME_SHIFT;
        if (!tables.isProtected(gfn)) {
            return false;
        }
        if (spec.outOfSync() && shadowing.canLeaveSync(gfn)) {
            shadowing.leaveSync(gfn);
            return false;
        }
        writtenTables.follow(gpa, access.writtenBytes());
        return tables.isProtected(gfn);
    }

    /**
     * A virtual processor is about to write. If that changes no more of the shadow than entries, it is done there now, so that
     * the write can be made without a fault; else nothing is.
     *
     * @param vcpu number within the VM
     */
    public TableWrite followInLine(int vcpu, GuestAccess write) {
        work.begin();
        if (!walk.translates(write, roots.guestPdptes(vcpu))) {
            return TableWrite.NONE;
        }
        long gpa = translate(roots.rootOf(vcpu, write.gva()), write.gva());
        return writtenTables.followInLine(gpa, write.writtenBytes());
    }

    /** What {@link #handle} takes software, beside its work on tables. */
    public int askCycles() {
        return spec.askCycles();
    }

    /** A frame is watched: no write to it goes unnoticed, until {@link #unwatch}. */
    public void watch(long gfn) {
        work.begin();
        tables.watch(gfn);
    }

    /**
     * A write to a frame has faulted, and is about to be handled: it is none that has to be noticed any more.
     *
     * @return whether the frame was watched
     */
    public boolean unwatch(long gfn) {
        return tables.unwatch(gfn);
    }

    /** Of the last fault that was the guest's. */
    public int errorCode() {
        return errorCode;
    }

    /** INVLPG: what the shadow has of that address becomes what the guest's tables say. */
    public void invalidateAddress(int vcpu, long gva) {
        work.begin();
        roots.allOf(vcpu, gva).forEach(root -> shadowing.syncAddress(root, gva));
    }

    /** Everything is brought in step that the guest wrote freely. */
    public void invalidateAll() {
        work.begin();
        shadowing.syncAll();
    }

    /** The guest's paging has changed: tables that were made for the old one are of no use. */
    public void changePaging(PagingState before, PagingState after) {
        work.begin();
        if (!before.sharesTablesWith(after)) {
            tables.dropAll();
            roots.clear();
        }
    }

    @Override
    public String audit() {
        for (ShadowPage page : tables.all()) {
            for (int i = 0; i < ShadowPage.ENTRIES; i++) {
                long entry = tables.read(page, i);
                if (ShadowTables.isLeaf(page, entry)) {
                    PageSize size = PageSize.byNumber(page.level() - 1);
                    String found = map().auditPage(GuestEntry.pageAddress(entry, size), page.level());
                    if (!found.isEmpty()) {
                        return found;
                    }
                }
            }
        }
        return super.audit();
    }

    /** For laws: all shadow tables. */
    ShadowTables tables() {
        return tables;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        super.transfer(snapshot);
        work.transfer(snapshot);
        tables.transfer(snapshot);
        errorCode = snapshot.transfer(errorCode);
        roots.transfer(snapshot);
    }
}
