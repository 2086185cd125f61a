package hvsim.cpu;

import hvsim.cpu.event.BoundaryEvent;
import hvsim.cpu.event.BoundaryPriority;
import hvsim.tlb.Snapshot;

/** Events that stay raised until they are taken: INIT, SIPI with its vector, the monitor trap, NMI. */
final class RaisedEvents {
    /** As {@link BoundaryPriority} numbers them. */
    private int bits;

    private int startUpVector;

    void raise(BoundaryEvent event) {
        bits |= BoundaryPriority.bit(event);
    }

    void raiseStartUp(int vector) {
        startUpVector = vector;
        raise(BoundaryEvent.SIPI);
    }

    void lower(BoundaryEvent event) {
        bits &= ~BoundaryPriority.bit(event);
    }

    boolean has(BoundaryEvent event) {
        return (bits & BoundaryPriority.bit(event)) != 0;
    }

    /** A bit for each; 0 if there is none. */
    int bits() {
        return bits;
    }

    int startUpVector() {
        return startUpVector;
    }

    void transfer(Snapshot snapshot) {
        bits = snapshot.transfer(bits);
        startUpVector = snapshot.transfer(startUpVector);
    }
}
