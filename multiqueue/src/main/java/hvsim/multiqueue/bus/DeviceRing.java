package hvsim.multiqueue.bus;

import hvsim.tlb.Snapshot;

/** A ring as a device sees it, whatever its format. */
public interface DeviceRing {
    /** Takes the next request that the driver made available; false if there is none, or the ring has a fault. */
    boolean take(Chain into);

    /** Requests that the last {@link #take} found wrong and completed itself, with an error that the driver sees. */
    default int refusedByTake() {
        return 0;
    }

    /**
     * Tells the driver that a request is done.
     *
     * @param id of its chain
     * @param slots of its chain
     * @param written bytes that the device wrote into the chain's writable buffers
     */
    void giveBack(int id, int slots, long written);

    /** Whether the driver wants to be interrupted for what was given back since the last time this was asked. */
    boolean wantsInterrupt();

    /**
     * Asks for a doorbell at the next request; true if there is one already, which may come without. Rings whose
     * doorbell always rings have nothing to ask.
     */
    default boolean enableNotifications() {
        return false;
    }

    /** Asks for none, as while a device is busy anyway: a hint that the driver may miss. */
    default void disableNotifications() {}

    RingFault fault();

    void transfer(Snapshot snapshot);
}
