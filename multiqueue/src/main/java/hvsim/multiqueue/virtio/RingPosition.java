package hvsim.multiqueue.virtio;

import static hvsim.multiqueue.virtio.PackedLayout.AVAILABLE;
import static hvsim.multiqueue.virtio.PackedLayout.USED;

import hvsim.multiqueue.bus.EventIndex;
import hvsim.tlb.Snapshot;

/**
 * How far one side has come in a packed ring. The wrap counter starts at 1 and changes with each lap; a descriptor is
 *
 * <pre>
 *   available in this lap   AVAIL =  wrap, USED = !wrap
 *   used in this lap        AVAIL =  wrap, USED =  wrap
 * </pre>
 */
final class RingPosition {
    private static final int WRAP_BIT = 1 << 15;

    private final int size;
    private int index;
    private boolean wrap = true;

    RingPosition(int size) {
        this.size = size;
    }

    int index() {
        return index;
    }

    void advance(int slots) {
        index += slots;
        if (index >= size) {
            index -= size;
            wrap = !wrap;
        }
    }

    int availableFlags() {
        return wrap ? AVAILABLE : USED;
    }

    int usedFlags() {
        return wrap ? AVAILABLE | USED : 0;
    }

    boolean isAvailable(int flags) {
        return (flags & (AVAILABLE | USED)) == availableFlags();
    }

    boolean isUsed(int flags) {
        return (flags & (AVAILABLE | USED)) == usedFlags();
    }

    /** As the areas of event suppression have it: index, and the wrap counter on top. */
    int asEvent() {
        return index | (wrap ? WRAP_BIT : 0);
    }

    /** Whether the last {@code moved} slots on the way here include the one that {@code event} names. */
    boolean passed(int event, int moved) {
        boolean sameLap = (event & WRAP_BIT) != 0 == wrap;
        int slot = (event & WRAP_BIT - 1) - (sameLap ? 0 : size);
        return EventIndex.passed(slot, index - Math.min(moved, size), index);
    }

    void set(RingPosition other) {
        index = other.index;
        wrap = other.wrap;
    }

    void transfer(Snapshot snapshot) {
        index = snapshot.transfer(index);
        wrap = snapshot.transfer(wrap);
    }
}
