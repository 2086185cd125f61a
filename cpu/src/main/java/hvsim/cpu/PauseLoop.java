package hvsim.cpu;

import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.tlb.Snapshot;

/**
 * The processor's memory of PAUSEs at CPL 0, by which it finds a loop that spins for too long.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 25.1.3, PAUSE-loop exiting. Times are of the time-stamp counter.
 */
final class PauseLoop {
    private boolean started;
    private long first;
    private long last;

    /** The next PAUSE is the first of a loop. */
    void startOver() {
        started = false;
    }

    /**
     * A PAUSE now: whether it belongs to a loop that has gone on for longer than PLE_Window. The gap is what lies between
     * two of them, not what the first one takes: else no loop on a processor whose PAUSE takes 140 cycles would have
     * gaps below KVM's 128, and such loops do exit there.
     */
    boolean isTooLong(long now, int pauseCycles, Vmcs vmcs) {
        boolean continues = started && now - last <= vmcs.read(VmcsField.PLE_GAP);
        first = continues ? first : now;
        last = now + pauseCycles;
        started = true;
        return continues && now - first > vmcs.read(VmcsField.PLE_WINDOW);
    }

    void transfer(Snapshot snapshot) {
        started = snapshot.transfer(started);
        first = snapshot.transfer(first);
        last = snapshot.transfer(last);
    }
}
