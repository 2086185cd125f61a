package hvsim.vmm.memory.direct;

import hvsim.ept.GuestEntry;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableEntries;
import hvsim.tlb.PageSize;

/**
 * How a guest's kernel that was changed for direct paging reads and writes entries: it reads machine frames and knows which
 * of its own they are; what is in a registered table it asks the hypervisor to write. As Linux's {@code xen_pte_val} and
 * {@code xen_set_pte}.
 */
final class GuestEntries implements TableEntries {
    private static final int FRAME_SHIFT = PageSize.SIZE_4K.shift();

    private final PhysicalMemory memory;
    private final DirectMemory direct;
    private final DirectLayout layout;
    private final FrameTable frames;
    private final FrameTypes types;

    GuestEntries(PhysicalMemory memory, DirectMemory direct, DirectLayout layout, FrameTable frames, FrameTypes types) {
        this.memory = memory;
        this.direct = direct;
        this.layout = layout;
        this.frames = frames;
        this.types = types;
    }

    @Override
    public long read(long hpa) {
        long entry = memory.read(hpa);
        if (!GuestEntry.isPresent(entry) || types.isResidentAt(hpa)) {
            return GuestEntry.isPresent(entry) ? 0 : entry;
        }
        long asked = frames.is(hpa >>> FRAME_SHIFT, FrameType.L1_TABLE) ? layout.asked(entry) : entry;
        return DirectEntry.withFrame(asked, frames.gfnOf(DirectEntry.frame(entry)));
    }

    @Override
    public void write(long hpa, long entry) {
        long machine = GuestEntry.isPresent(entry)
                ? DirectEntry.withFrame(entry, direct.machineFrame(DirectEntry.frame(entry)))
                : entry;
        if (frames.isTable(hpa >>> FRAME_SHIFT)) {
            direct.updateOwn(hpa, machine);
        } else {
            memory.write(hpa, machine);
        }
    }
}
