package hvsim.cpu;

import hvsim.cpu.state.Passage;
import hvsim.cpu.vmx.ExitReason;
import hvsim.tlb.Snapshot;

/** The exit of a nested guest that its own hypervisor is at work on: it lasts until that guest's next entry. */
final class ReflectedExit {
    private Passage reason = ExitReason.CPUID;
    private long since;
    private boolean lasts;

    /** Another one before the guest's next entry ends the one that lasts. */
    void begin(Passage why, long exited, NestedCounts counts) {
        end(exited, counts);
        reason = why;
        since = exited;
        lasts = true;
    }

    void end(long now, NestedCounts counts) {
        if (lasts) {
            counts.reflected().end(reason, now - since);
            lasts = false;
        }
    }

    void transfer(Snapshot snapshot) {
        reason = ExitCounts.PASSAGES.get(snapshot.transfer(reason.place()));
        since = snapshot.transfer(since);
        lasts = snapshot.transfer(lasts);
    }
}
