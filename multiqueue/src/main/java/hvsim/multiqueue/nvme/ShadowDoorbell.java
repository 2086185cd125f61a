package hvsim.multiqueue.nvme;

import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.bus.EventIndex;

/** One doorbell in memory instead of a register, and the index after which the controller wants the register written. */
public record ShadowDoorbell(BusMemory memory, long shadow, long event) {
    /** The driver's new value; whether the register has to be written too. */
    public boolean set(int value) {
        int before = value();
        memory.write32(shadow, value);
        return EventIndex.passed(memory.read16(event), before, value);
    }

    int value() {
        return memory.read16(shadow);
    }

    /** Asks for the register at the next change from {@code value} on. */
    void wakeAfter(int value) {
        memory.write32(event, value);
    }

    boolean isReached() {
        return memory.reaches(shadow, 4, false) && memory.reaches(event, 4, true);
    }
}
