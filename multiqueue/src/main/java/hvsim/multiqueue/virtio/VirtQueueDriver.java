package hvsim.multiqueue.virtio;

import hvsim.multiqueue.bus.Chain;
import hvsim.tlb.Snapshot;

/** A virtqueue as its driver sees it, the front end. */
public interface VirtQueueDriver {
    int FULL = -1;
    long NONE = -1;

    /** Writes a request into the ring, not yet seen by the device; its id, or {@link #FULL}. */
    int add(Chain chain);

    /** As {@link #add}, with the descriptors in a table of their own: one place in the ring, whatever the chain's length. */
    int addIndirect(Chain chain, long table);

    /** Makes what was added available; whether the device wants to be notified of it. */
    boolean publish();

    /** The next request that the device is done with: id in the upper half, bytes written in the lower; or {@link #NONE}. */
    long takeUsed();

    /** Asks for an interrupt at the next request that is done; true if one is done already, and may come without. */
    boolean enableInterrupts();

    /** Asks for none: a hint that the device may miss. */
    void disableInterrupts();

    void transfer(Snapshot snapshot);
}
