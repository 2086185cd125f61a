package hvsim.vmm.memory.direct;

import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.shadow.Resident;
import org.jspecify.annotations.Nullable;

/**
 * References to machine frames, and what they agree on. Who takes the first reference of a type decides what the frame is;
 * others are refused until the last one is gone. A frame that becomes a table has its entries looked at, and takes
 * references for them; it gives them back when it is a table no longer.
 */
final class FrameTypes {
    private final PhysicalMemory memory;
    private final FrameTable frames;
    private final DirectLayout layout;
    private Resident resident = Resident.NONE;
    private @Nullable Refusal refusal;
    private boolean needsFlush;

    FrameTypes(PhysicalMemory memory, FrameTable frames, DirectLayout layout) {
        this.memory = memory;
        this.frames = frames;
        this.layout = layout;
    }

    /** Entries of tables that are the hypervisor's: those that there are get them now. */
    void keep(Resident entry) {
        resident = entry;
        for (long hfn : frames.own()) {
            if (frames.is(hfn, layout.resident())) {
                entry.write(memory, addressOf(hfn, 0));
            }
        }
    }

    /** Why the last reference or update was refused. */
    @Nullable
    Refusal refusal() {
        return refusal;
    }

    /** Whether translations have to go since it was asked last: a frame that could be written is a table now. */
    boolean takeFlush() {
        boolean needed = needsFlush;
        needsFlush = false;
        return needed;
    }

    boolean refuse(Refusal why) {
        refusal = why;
        return false;
    }

    /** A reference that asks nothing of the frame but that it is the guest's. */
    boolean acquire(long hfn) {
        if (!frames.isOwn(hfn)) {
            return refuse(Refusal.FOREIGN_FRAME);
        }
        frames.addAll(hfn, 1);
        return true;
    }

    void release(long hfn) {
        frames.addAll(hfn, -1);
    }

    /** A reference to the frame as one of that type. */
    boolean acquire(long hfn, FrameType type) {
        if (!frames.isOwn(hfn)) {
            return refuse(Refusal.FOREIGN_FRAME);
        }
        if (frames.typed(hfn) > 0) {
            if (frames.type(hfn) != type) {
                return refuse(Refusal.TYPE_CONFLICT);
            }
            frames.addTyped(hfn, 1);
        } else if (!become(hfn, type)) {
            return false;
        }
        frames.addAll(hfn, 1);
        return true;
    }

    private boolean become(long hfn, FrameType type) {
        boolean wasWritable = frames.type(hfn) == FrameType.WRITABLE;
        frames.setType(hfn, type);
        frames.addTyped(hfn, 1);
        if (type.isTable() && !validate(hfn, type)) {
            frames.addTyped(hfn, -1);
            frames.setType(hfn, FrameType.NONE);
            return false;
        }
        if (wasWritable && type != FrameType.WRITABLE) {
            needsFlush = true;
        }
        return true;
    }

    void release(long hfn, FrameType type) {
        frames.addTyped(hfn, -1);
        frames.addAll(hfn, -1);
        if (frames.typed(hfn) == 0 && type.isTable()) {
            forget(hfn, type, layout.entries(type));
        }
    }

    /** All entries of a frame that is to be a table: their references are taken, or none of them. */
    private boolean validate(long hfn, FrameType table) {
        for (int i = 0; i < layout.entries(table); i++) {
            long hpa = addressOf(hfn, i);
            if (isResident(table, i)) {
                memory.write(hpa, resident.entry(i));
            } else if (GuestEntry.isPresent(memory.read(hpa))) {
                long entry = layout.adjusted(memory.read(hpa), table.level());
                if (!acquireEntry(table, i, entry)) {
                    forget(hfn, table, i);
                    return false;
                }
                memory.write(hpa, entry);
            }
        }
        return true;
    }

    private void forget(long hfn, FrameType table, int entries) {
        for (int i = 0; i < entries; i++) {
            long hpa = addressOf(hfn, i);
            if (isResident(table, i)) {
                memory.write(hpa, 0);
            } else {
                releaseEntry(table, i, memory.read(hpa));
            }
        }
    }

    /** The references that an entry of a table stands for; none if it is not present. */
    private boolean acquireEntry(FrameType table, int index, long entry) {
        if (!GuestEntry.isPresent(entry)) {
            return true;
        }
        if (layout.isReserved(entry, table.level())) {
            return refuse(Refusal.RESERVED_BIT);
        }
        long hfn = DirectEntry.frame(entry);
        if (table.level() > 1) {
            return (entry & GuestEntry.PAGE) == 0
                    ? acquire(hfn, layout.below(table.level(), index))
                    : refuse(Refusal.LARGE_PAGE);
        }
        return DirectEntry.isWritable(entry) ? acquire(hfn, FrameType.WRITABLE) : acquire(hfn);
    }

    private void releaseEntry(FrameType table, int index, long entry) {
        if (!GuestEntry.isPresent(entry)) {
            return;
        }
        long hfn = DirectEntry.frame(entry);
        if (table.level() > 1) {
            release(hfn, layout.below(table.level(), index));
        } else if (DirectEntry.isWritable(entry)) {
            release(hfn, FrameType.WRITABLE);
        } else {
            release(hfn);
        }
    }

    /** Changes an entry of a registered table, if the references for the new one can be had. */
    boolean update(long entryHpa, long asked) {
        long hfn = entryHpa >>> PageSize.SIZE_4K.shift();
        int index = indexOf(entryHpa);
        if (!frames.isTable(hfn) || index >= layout.entries(frames.type(hfn))) {
            return refuse(Refusal.NOT_A_TABLE);
        }
        FrameType table = frames.type(hfn);
        if (isResident(table, index)) {
            return refuse(Refusal.RESERVED_ENTRY);
        }
        long old = memory.read(entryHpa);
        long entry = layout.adjusted(asked, table.level());
        if (!acquireEntry(table, index, entry)) {
            return false;
        }
        memory.write(entryHpa, entry);
        releaseEntry(table, index, old);
        return true;
    }

    /** Whether it is an entry of a table that is the hypervisor's. */
    boolean isResidentAt(long entryHpa) {
        long hfn = entryHpa >>> PageSize.SIZE_4K.shift();
        return frames.is(hfn, layout.resident()) && isResident(layout.resident(), indexOf(entryHpa));
    }

    private boolean isResident(FrameType table, int index) {
        return table == layout.resident() && resident.holds(index);
    }

    private static int indexOf(long entryHpa) {
        return (int) (entryHpa >>> 3) & PageTable.ENTRIES - 1;
    }

    void transfer(Snapshot snapshot) {
        needsFlush = snapshot.transfer(needsFlush);
    }

    private static long addressOf(long hfn, int index) {
        return hfn << PageSize.SIZE_4K.shift() | (long) index << 3;
    }
}
