package hvsim.vmm.memory.direct;

import hvsim.ept.GuestEntry;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;

/** Looks through all tables that a guest has registered, whatever the counts say. */
final class DirectAudit {
    private final PhysicalMemory memory;
    private final DirectLayout layout;
    private final FrameTable frames;
    private final FrameTypes types;

    DirectAudit(PhysicalMemory memory, DirectLayout layout, FrameTable frames, FrameTypes types) {
        this.memory = memory;
        this.layout = layout;
        this.frames = frames;
        this.types = types;
    }

    /** What is amiss: a frame of others that is reached, or a table that can be written; or an empty text. */
    String firstFault() {
        for (long hfn : frames.own()) {
            int entries = frames.isTable(hfn) ? layout.entries(frames.type(hfn)) : 0;
            for (int i = 0; i < entries; i++) {
                long hpa = hfn << PageSize.SIZE_4K.shift() | (long) i << 3;
                String found =
                        types.isResidentAt(hpa) ? "" : fault(frames.type(hfn).level(), memory.read(hpa));
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        return "";
    }

    private String fault(int level, long entry) {
        if (!GuestEntry.isPresent(entry)) {
            return "";
        }
        long hfn = DirectEntry.frame(entry);
        if (!frames.isOwn(hfn)) {
            return "machine frame 0x" + Long.toHexString(hfn) + " is reached but belongs to another";
        }
        boolean isWritten = level == 1 && DirectEntry.isWritable(entry);
        return isWritten && !frames.is(hfn, FrameType.WRITABLE)
                ? "machine frame 0x" + Long.toHexString(hfn) + " can be written but is a " + frames.type(hfn)
                : "";
    }
}
