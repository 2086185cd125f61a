package hvsim.vmm.memory;

import hvsim.ept.EptPointer;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;

/**
 * Nested paging under a hypervisor that is a guest itself: three tables, of which the hardware walks the one that {@link
 * ComposedTables} makes of the other two. The VM's memory is the guest hypervisor's; what that needs for itself is taken
 * from the same, and its guest believes to have as much.
 */
public final class ComposedMemory implements MemoryTechnique {
    private static final int ONLY_OWNER = 0;

    private final FrameAllocator space;
    private final Frames own;
    private final Frames lent;
    private final MemoryMap outer;
    private final NestedMemory inner;
    private final ComposedTables composed;

    /**
     * @param outer where in the machine the VM's memory is
     * @param frames of the machine's hypervisor
     * @param spec the nested guest's memory
     */
    public ComposedMemory(PhysicalMemory memory, MemoryMap outer, Frames frames, Spec spec) {
        this.outer = outer;
        this.space = new FrameAllocator(
                spec.bytes(), "the memory of VM " + spec.vm() + ", its own hypervisor's share included,");
        this.own = new Frames(space, ONLY_OWNER, outer);
        this.lent = new Frames(space, ONLY_OWNER);
        MemoryMap map = outer.within(own, lent, spec.page());
        this.inner = new NestedMemory(map);
        this.composed = new ComposedTables(memory, frames, map.table(), outer);
    }

    /**
     * @param vm whose it is, for messages
     * @param page size of the largest pages that the guest hypervisor maps
     */
    public record Spec(String vm, long bytes, PageSize page) {}

    /** Frames of the guest hypervisor's physical memory, for its own use: there is machine memory behind them. */
    public Frames ownFrames() {
        return own;
    }

    /** From what the guest hypervisor takes for machine addresses. */
    public PageTable outerTable() {
        return outer.table();
    }

    /** What the guest hypervisor itself does: its guest's memory, as far as it knows. */
    public NestedMemory inner() {
        return inner;
    }

    /** The EPT pointer under which the guest hypervisor itself runs. */
    public long outerPointer(boolean accessedDirty) {
        return pointer(outer.table(), accessedDirty);
    }

    /** The EPT pointer under which its guest runs. */
    public long composedPointer(boolean accessedDirty) {
        return pointer(composed.table(), accessedDirty);
    }

    private static long pointer(PageTable table, boolean accessedDirty) {
        return EptPointer.pack(table.root(), table.levels(), accessedDirty);
    }

    /** The machine's hypervisor gives the guest hypervisor a frame. */
    public void backOuter(long gpa) {
        outer.back(gpa);
    }

    /** Whether the guest hypervisor's tables permit that access, of R, W and X, to its guest. */
    public boolean isInnerAllowing(long gpa, long access) {
        return composed.isInnerAllowing(gpa, access);
    }

    /** The machine's hypervisor composes the entry for what the guest hypervisor has mapped; returns entries written. */
    public int compose(long gpa) {
        return composed.fill(gpa);
    }

    /** INVEPT by the guest hypervisor. */
    public void dropComposed() {
        composed.drop();
    }

    @Override
    public PageTable guestTable(long rootGpa) {
        return inner.guestTable(rootGpa);
    }

    @Override
    public void back(long gpa) {
        inner.back(gpa);
        compose(gpa);
    }

    @Override
    public long toMachine(long gpa) {
        back(gpa);
        return outer.table().translate(inner.toMachine(gpa));
    }

    @Override
    public long backedBytes() {
        return outer.backedBytes();
    }

    @Override
    public String audit() {
        String found = outer.audit();
        return found.isEmpty() ? outer.audit(composed.table()) : found;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        space.transfer(snapshot);
        own.transfer(snapshot);
        outer.transfer(snapshot);
        inner.transfer(snapshot);
        composed.transfer(snapshot);
    }
}
