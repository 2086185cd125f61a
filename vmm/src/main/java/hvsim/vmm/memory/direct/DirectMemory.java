package hvsim.vmm.memory.direct;

import hvsim.cpu.state.Registers;
import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.MappedMemory;
import hvsim.vmm.memory.MemoryMap;
import hvsim.vmm.memory.shadow.Resident;
import org.jspecify.annotations.Nullable;

/** Direct paging: the hardware walks the guest's own tables, which the hypervisor alone writes, as the guest asks. */
public final class DirectMemory extends MappedMemory {
    private static final int FRAME_SHIFT = PageSize.SIZE_4K.shift();

    private final PhysicalMemory memory;
    private final DirectLayout layout;
    private final FrameTable frames;
    private final FrameTypes types;
    private final GuestEntries entries;
    private final Roots roots;

    /**
     * @param map of pages of 4 KiB
     * @param low frames below 4 GiB
     * @param vcpus how many virtual processors the VM has
     */
    public DirectMemory(PhysicalMemory memory, DirectLayout layout, MemoryMap map, Frames low, int vcpus) {
        super(map);
        this.memory = memory;
        this.layout = layout;
        this.frames = new FrameTable(memory.sizeBytes());
        this.types = new FrameTypes(memory, frames, layout);
        this.entries = new GuestEntries(memory, this, layout, frames, types);
        this.roots = new Roots(memory, layout, low, vcpus);
    }

    /** What kinds of tables it takes. */
    public DirectLayout layout() {
        return layout;
    }

    /** Every address space has those entries, which are the hypervisor's. */
    public void keep(Resident resident) {
        types.keep(resident);
    }

    /** Whether translations have to go since it was asked last: a frame that could be written is a table now. */
    public boolean takeFlush() {
        return types.takeFlush();
    }

    /** The tables as the guest's kernel sees them: through its own map from its frames to the machine's, and back. */
    @Override
    public PageTable guestTable(long rootGpa) {
        return PageTable.ofGuest(entries, rootGpa, layout.tables(), map().table());
    }

    @Override
    public void back(long gpa) {
        if (map().table().translate(gpa) == PageTable.UNMAPPED) {
            super.back(gpa);
            frames.add(hfnOf(gpa), gpa >>> FRAME_SHIFT);
        }
    }

    private long hfnOf(long gpa) {
        return map().table().translate(gpa) >>> FRAME_SHIFT;
    }

    /** Machine frame behind a guest's, which gets one if it has none. */
    long machineFrame(long gfn) {
        back(gfn << FRAME_SHIFT);
        return hfnOf(gfn << FRAME_SHIFT);
    }

    /**
     * MMUEXT_PIN_L4_TABLE, MMUEXT_PIN_L3_TABLE: an address space has its tables from now on, and keeps them.
     *
     * @param userRootGpa the root for the user's part of it, where it has two
     * @throws IllegalStateException if what is in them is refused
     */
    public void pin(long rootGpa, long userRootGpa) {
        check(types.acquire(hfnOf(rootGpa), layout.root()));
        if (layout.hasUserRoots() && !types.acquire(hfnOf(userRootGpa), layout.root())) {
            types.release(hfnOf(rootGpa), layout.root());
            check(false);
        }
        roots.add(rootGpa, userRootGpa);
    }

    /** The same where it has one root. */
    public void pin(long rootGpa) {
        pin(rootGpa, Roots.NONE);
    }

    /**
     * MMUEXT_UNPIN_TABLE.
     *
     * @return guest-physical address of the user's root table, where there is one
     */
    public long unpin(long rootGpa) {
        long userRootGpa = roots.remove(rootGpa);
        types.release(hfnOf(rootGpa), layout.root());
        if (layout.hasUserRoots()) {
            types.release(hfnOf(userRootGpa), layout.root());
        }
        return userRootGpa;
    }

    /** HYPERVISOR_set_gdt: a page of segment descriptors, which the guest must not write from now on. */
    public void registerDescriptors(long gpa) {
        check(types.acquire(machineFrame(gpa >>> FRAME_SHIFT), FrameType.DESCRIPTORS));
    }

    private void check(boolean done) {
        if (!done) {
            throw new IllegalStateException("the hypervisor refuses what the guest's kernel asks: " + types.refusal());
        }
    }

    /**
     * HYPERVISOR_mmu_update of one entry.
     *
     * @param entryHpa where it is
     * @param entry with a machine frame
     * @return why it was refused and not made, or null
     */
    public @Nullable Refusal update(long entryHpa, long entry) {
        boolean made = isInRegisters(entryHpa) ? types.refuse(Refusal.ROOT_IN_USE) : types.update(entryHpa, entry);
        return made ? null : types.refusal();
    }

    private boolean isInRegisters(long entryHpa) {
        long hfn = entryHpa >>> FRAME_SHIFT;
        return frames.is(hfn, layout.root()) && roots.isInRegisters(frames.gfnOf(hfn) << FRAME_SHIFT);
    }

    /** An update by the guest's kernel, of whose tables none is forged; of the kernel's root the user's follows. */
    void updateOwn(long entryHpa, long entry) {
        refuseNone(update(entryHpa, entry));
        long hfn = entryHpa >>> FRAME_SHIFT;
        long offset = entryHpa & PageSize.SIZE_4K.bytes() - 1;
        long userRoot = frames.is(hfn, layout.root())
                ? roots.userRootFor(frames.gfnOf(hfn) << FRAME_SHIFT, (int) (offset / Long.BYTES))
                : Roots.NONE;
        if (userRoot != Roots.NONE) {
            refuseNone(update(hfnOf(userRoot) << FRAME_SHIFT | offset, entry));
        }
    }

    private static void refuseNone(@Nullable Refusal refusal) {
        if (refusal != null) {
            throw new IllegalStateException("the hypervisor refuses an update of the guest's kernel: " + refusal);
        }
    }

    /** Whether a page of the guest's is in use as a table. */
    public boolean isTable(long gpa) {
        return map().table().translate(gpa) != PageTable.UNMAPPED && frames.isTable(hfnOf(gpa));
    }

    /**
     * MMUEXT_NEW_BASEPTR and MMUEXT_NEW_USER_BASEPTR: a virtual processor enters an address space.
     * Its root tables stay what they are until it enters another.
     *
     * @return false if it has no registered root table there
     */
    public boolean enter(int vcpu, long cr3) {
        long rootGpa = cr3 & Registers.CR3_ROOT;
        long[] left = roots.all(vcpu);
        if (!roots.has(rootGpa) || !roots.enter(vcpu, rootGpa, hfnOf(rootGpa) << FRAME_SHIFT)) {
            return false;
        }
        for (long root : roots.all(vcpu)) {
            check(types.acquire(hfnOf(root), layout.root()));
        }
        for (long root : left) {
            types.release(hfnOf(root), layout.root());
        }
        return true;
    }

    /** Entries that are copied when an address space is entered. */
    public int copiedEntries() {
        return layout.keepsRootEntries() ? layout.entries(layout.root()) : 0;
    }

    /** Machine address of the root table for a virtual processor's kernel, or for its user. */
    public long root(int vcpu, boolean forKernel) {
        long copy = roots.copy(vcpu);
        return copy == Roots.NONE ? hfnOf(roots.of(vcpu, forKernel)) << FRAME_SHIFT : copy;
    }

    /**
     * A write of the guest's kernel has faulted. If it was of an entry of its own tables, it is done as an update, of what
     * is there: a reference has no content. As Xen's {@code ptwr_do_page_fault}, tables of pages only.
     */
    public boolean emulatesWrite(int vcpu, long gva, int bytes) {
        PageTable table = PageTable.ofMachine(memory, root(vcpu, true), layout.tables());
        long leaf = table.entry(gva, 1);
        long hpa = leaf & GuestEntry.ADDRESS | gva & PageSize.SIZE_4K.bytes() - 1;
        boolean isEntry = bytes == Long.BYTES && (hpa & Long.BYTES - 1) == 0;
        if (!isEntry || !GuestEntry.isPresent(leaf) || !frames.is(hpa >>> FRAME_SHIFT, FrameType.L1_TABLE)) {
            return false;
        }
        refuseNone(update(hpa, memory.read(hpa)));
        return true;
    }

    /** For laws. */
    FrameTable frames() {
        return frames;
    }

    @Override
    public String audit() {
        String found = new DirectAudit(memory, layout, frames, types).firstFault();
        return found.isEmpty() ? super.audit() : found;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        super.transfer(snapshot);
        frames.transfer(snapshot);
        types.transfer(snapshot);
        roots.transfer(snapshot);
    }
}
