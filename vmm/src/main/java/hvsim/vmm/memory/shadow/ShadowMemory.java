package hvsim.vmm.memory.shadow;

import hvsim.cpu.state.Registers;
import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.MemoryMap;
import hvsim.vmm.memory.MemoryTechnique;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shadow paging: the hardware walks tables that the hypervisor makes, from virtual to machine addresses. The guest has
 * its own, which no hardware ever reads.
 */
public final class ShadowMemory implements MemoryTechnique {
    private static final int FRAME_SHIFT = PageSize.SIZE_4K.shift();

    private static final long NO_ROOT = -1;

    private final MemoryMap map;
    private final ShadowSpec spec;
    private final ShadowWork work = new ShadowWork();
    private final ShadowTables tables;
    private final Shadowing shadowing;
    private final GuestWalk walk;

    /** By virtual processor of the VM: its address space, and the shadow of that. */
    private final long[] guestCr3;

    private final @Nullable ShadowPage[] roots;

    /** Keys of the root tables that are kept, the one used last at the end. */
    private final List<ShadowPage.Key> kept = new ArrayList<>();

    private int errorCode;

    /** What a page fault turned out to be. */
    public enum Fault {
        /** The guest's tables translate the address, and now the shadow does: the access is tried again. */
        HIDDEN(1),
        /** It is the guest's; {@link #errorCode} says how its kernel is to see it. */
        TRUE(2),
        /** The access wrote a table that is kept in step, and has been carried out. */
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
     * @param tableFrames of the hypervisor's share of machine memory
     * @param vcpus how many virtual processors the VM has
     */
    public ShadowMemory(PhysicalMemory memory, MemoryMap map, Frames tableFrames, ShadowSpec spec, int vcpus) {
        this.map = map;
        this.guestCr3 = new long[vcpus];
        this.roots = new ShadowPage[vcpus];
        this.spec = spec;
        this.tables = new ShadowTables(memory, tableFrames, work, spec.memoryBytes());
        this.shadowing = new Shadowing(memory, map, tables, work);
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
        guestCr3[vcpu] = cr3;
        return use(vcpu, gfnOf(cr3), view);
    }

    /** CR3 of a virtual processor as the guest believes it to be. */
    public long guestCr3(int vcpu) {
        return guestCr3[vcpu];
    }

    /**
     * The same address space, for other eyes.
     *
     * @return machine address of the root table
     */
    public long show(int vcpu, View view) {
        work.begin();
        return rootOf(vcpu).key().view() == view ? rootOf(vcpu).hpa() : use(vcpu, gfnOf(guestCr3[vcpu]), view);
    }

    /** Every root table has an entry of the hypervisor's; to be said before there are any. */
    public void keep(Resident resident) {
        tables.keep(resident);
    }

    private static long gfnOf(long cr3) {
        return (cr3 & Registers.CR3_ROOT) >>> FRAME_SHIFT;
    }

    private long use(int vcpu, long gfn, View view) {
        ShadowPage root = shadowing.root(gfn, view);
        ShadowPage before = roots[vcpu];
        root.use();
        roots[vcpu] = root;
        if (before != null) {
            before.leave();
        }
        kept.remove(root.key());
        kept.add(root.key());
        forgetOldest();
        return root.hpa();
    }

    private ShadowPage rootOf(int vcpu) {
        ShadowPage root = roots[vcpu];
        if (root == null) {
            throw new IllegalStateException("virtual processor " + vcpu + " has no address space yet");
        }
        return root;
    }

    private void forgetOldest() {
        for (int i = 0; kept.size() > spec.roots() && i < kept.size(); ) {
            ShadowPage page = tables.find(kept.get(i));
            if (page != null && page.isInUse()) {
                i++;
                continue;
            }
            kept.remove(i);
            if (page != null) {
                tables.drop(page);
            }
        }
    }

    /**
     * A virtual processor's access has faulted.
     *
     * @param vcpu number within the VM
     */
    public Fault handle(int vcpu, GuestAccess access) {
        work.begin();
        boolean translates = walk.translates(access);
        work.reads(walk.references());
        if (walk.leavesMemory()) {
            return Fault.NO_MEMORY;
        }
        if (!translates) {
            errorCode = walk.errorCode();
            work.trueFault();
            return Fault.TRUE;
        }
        PageTable guest = guestTable(access.state().cr3() & Registers.CR3_ROOT);
        if (access.isWrite() && isEmulated(guest.translate(access.gva()), access)) {
            work.emulatedWrite();
            return Fault.EMULATED_WRITE;
        }
        shadowing.fill(rootOf(vcpu), guest, access.gva(), access.isWrite() && !walk.pageIsWritable());
        work.hiddenFault();
        return Fault.HIDDEN;
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
        shadowing.written(gpa, access.writtenBytes());
        return tables.isProtected(gfn);
    }

    /** Of the last fault that was the guest's. */
    public int errorCode() {
        return errorCode;
    }

    /** INVLPG: what the shadow has of that address becomes what the guest's tables say. */
    public void invalidateAddress(int vcpu, long gva) {
        work.begin();
        for (View view : View.values()) {
            ShadowPage root = tables.find(rootOf(vcpu).key().seenAs(view));
            if (root != null) {
                shadowing.syncAddress(root, gva);
            }
        }
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
            kept.clear();
        }
    }

    @Override
    public PageTable guestTable(long rootGpa) {
        return map.guestTable(rootGpa);
    }

    @Override
    public void back(long gpa) {
        map.back(gpa);
    }

    @Override
    public long backedBytes() {
        return map.backedBytes();
    }

    @Override
    public String audit() {
        for (ShadowPage page : tables.all()) {
            for (int i = 0; i < ShadowPage.ENTRIES; i++) {
                long entry = tables.read(page, i);
                if (ShadowTables.isLeaf(page, entry)) {
                    PageSize size = PageSize.byNumber(page.level() - 1);
                    String found = map.auditPage(GuestEntry.pageAddress(entry, size), page.level());
                    if (!found.isEmpty()) {
                        return found;
                    }
                }
            }
        }
        return map.audit();
    }

    /** For laws: all shadow tables. */
    ShadowTables tables() {
        return tables;
    }

    MemoryMap map() {
        return map;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        map.transfer(snapshot);
        work.transfer(snapshot);
        tables.transfer(snapshot);
        errorCode = snapshot.transfer(errorCode);
        transferRoots(snapshot);
    }

    private void transferRoots(Snapshot snapshot) {
        snapshot.transfer(guestCr3);
        for (int vcpu = 0; vcpu < roots.length; vcpu++) {
            ShadowPage root = roots[vcpu];
            long hpa = snapshot.transfer(root == null ? NO_ROOT : root.hpa());
            roots[vcpu] = hpa == NO_ROOT ? null : tables.at(hpa);
        }
        int count = snapshot.transfer(kept.size());
        List<ShadowPage.Key> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ShadowPage.Key key = snapshot.isLoading() ? ShadowPage.Key.NONE : kept.get(i);
            keys.add(ShadowPage.Key.transfer(key, snapshot));
        }
        if (snapshot.isLoading()) {
            kept.clear();
            kept.addAll(keys);
        }
    }
}
