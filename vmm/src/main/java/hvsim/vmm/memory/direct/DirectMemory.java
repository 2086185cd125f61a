package hvsim.vmm.memory.direct;

import hvsim.cpu.state.Registers;
import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.MappedMemory;
import hvsim.vmm.memory.MemoryMap;
import hvsim.vmm.memory.shadow.Resident;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Direct paging: the hardware walks the guest's own tables, which the hypervisor alone writes, as the guest asks. */
public final class DirectMemory extends MappedMemory {
    private static final int FRAME_SHIFT = PageSize.SIZE_4K.shift();

    private final PhysicalMemory memory;
    private final FrameTable frames;
    private final FrameTypes types;
    private final GuestEntries entries;

    /** By guest-physical address of a kernel's root table: that of its user's, which has all but the kernel's pages. */
    private final TreeMap<Long, Long> userRoots = new TreeMap<>();

    /** By virtual processor of the VM: the kernel's root table that it uses. */
    private final long[] base;

    /**
     * @param map of pages of 4 KiB
     * @param vcpus how many virtual processors the VM has
     */
    public DirectMemory(PhysicalMemory memory, MemoryMap map, int vcpus) {
        super(map);
        this.memory = memory;
        this.frames = new FrameTable(memory.sizeBytes());
        this.types = new FrameTypes(memory, frames);
        this.entries = new GuestEntries(memory, this, frames, types);
        this.base = new long[vcpus];
    }

    /** Every root table has that entry, which is the hypervisor's. */
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
        return PageTable.ofGuest(entries, rootGpa, TableLayout.FOUR_LEVEL, map().table());
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
     * MMUEXT_PIN_L4_TABLE: an address space has its tables from now on, and keeps them.
     *
     * @param userRootGpa the root for the user's part of it
     * @throws IllegalStateException if what is in them is refused
     */
    public void pin(long rootGpa, long userRootGpa) {
        check(types.acquire(hfnOf(rootGpa), FrameType.L4_TABLE));
        if (!types.acquire(hfnOf(userRootGpa), FrameType.L4_TABLE)) {
            types.release(hfnOf(rootGpa), FrameType.L4_TABLE);
            check(false);
        }
        userRoots.put(rootGpa, userRootGpa);
    }

    /**
     * MMUEXT_UNPIN_TABLE.
     *
     * @return guest-physical address of the user's root table
     */
    public long unpin(long rootGpa) {
        Long userRootGpa = userRoots.remove(rootGpa);
        if (userRootGpa == null) {
            throw new IllegalStateException("no root table is registered at 0x" + Long.toHexString(rootGpa));
        }
        types.release(hfnOf(rootGpa), FrameType.L4_TABLE);
        types.release(hfnOf(userRootGpa), FrameType.L4_TABLE);
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
        return types.update(entryHpa, entry) ? null : types.refusal();
    }

    /** An update by the guest's kernel, of whose tables none is forged; of the kernel's root the user's follows. */
    void updateOwn(long entryHpa, long entry) {
        refuseNone(update(entryHpa, entry));
        long hfn = entryHpa >>> FRAME_SHIFT;
        Long userRoot = frames.is(hfn, FrameType.L4_TABLE) ? userRoots.get(frames.gfnOf(hfn) << FRAME_SHIFT) : null;
        if (userRoot != null && !GuestEntries.isKernels(entryHpa)) {
            refuseNone(update(hfnOf(userRoot) << FRAME_SHIFT | entryHpa & PageSize.SIZE_4K.bytes() - 1, entry));
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
     *
     * @return false if it has no registered root table there
     */
    public boolean enter(int vcpu, long cr3) {
        long rootGpa = cr3 & Registers.CR3_ROOT;
        if (!userRoots.containsKey(rootGpa)) {
            return false;
        }
        base[vcpu] = rootGpa;
        return true;
    }

    /** Machine address of the root table for a virtual processor's kernel, or for its user. */
    public long root(int vcpu, boolean forKernel) {
        Long userRoot = userRoots.get(base[vcpu]);
        long rootGpa = forKernel || userRoot == null ? base[vcpu] : userRoot;
        return hfnOf(rootGpa) << FRAME_SHIFT;
    }

    /**
     * A write of the guest's kernel has faulted. If it was of an entry of its own tables, it is done as an update, of what
     * is there: a reference has no content. As Xen's {@code ptwr_do_page_fault}, tables of pages only.
     */
    public boolean emulatesWrite(int vcpu, long gva, int bytes) {
        PageTable table = PageTable.ofMachine(memory, root(vcpu, true));
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
        String found = new DirectAudit(memory, frames, types).firstFault();
        return found.isEmpty() ? super.audit() : found;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        super.transfer(snapshot);
        frames.transfer(snapshot);
        types.transfer(snapshot);
        snapshot.transfer(base);
        transferRoots(snapshot);
    }

    private void transferRoots(Snapshot snapshot) {
        long[] pairs = new long[2 * snapshot.transfer(userRoots.size())];
        int at = 0;
        for (Map.Entry<Long, Long> pair :
                snapshot.isLoading() ? Map.<Long, Long>of().entrySet() : userRoots.entrySet()) {
            pairs[at++] = pair.getKey();
            pairs[at++] = pair.getValue();
        }
        snapshot.transfer(pairs);
        userRoots.clear();
        for (int i = 0; i < pairs.length; i += 2) {
            userRoots.put(pairs[i], pairs[i + 1]);
        }
    }
}
