package hvsim.multiqueue.bus;

import hvsim.multiqueue.state.DeviceState;

/** A ring as a device sees it, whatever its format. */
public interface DeviceRing {
    /** Takes the next request that the driver made available; false if there is none, or the ring has a fault. */
    boolean take(Chain into);

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

    RingFault fault();

    void transfer(DeviceState s);
}
