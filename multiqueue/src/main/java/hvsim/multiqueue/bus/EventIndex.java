package hvsim.multiqueue.bus;

/** The test of event indices (VIRTIO 1.2, 2.7.7.2 and 2.7.10; shadow doorbells of NVMe have the same). Indices run freely from 0 to FFFFH and on to 0. */
public final class EventIndex {
    private EventIndex() {}

    /** Whether an index that went from {@code before} to {@code after} passed the step that follows {@code event}. */
    public static boolean passed(int event, int before, int after) {
        return (after - event - 1 & 0xFFFF) < (after - before & 0xFFFF);
    }
}
