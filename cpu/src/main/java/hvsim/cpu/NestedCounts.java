package hvsim.cpu;

import hvsim.tlb.Snapshot;

/** What nested virtualization has led to: exits that a guest hypervisor has got, and its own. */
public final class NestedCounts {
    private final ExitCounts reflected = new ExitCounts();
    private final ExitCounts ofGuestHypervisor = new ExitCounts();
    private long guestHypervisorCycles;

    /** Exits of the nested guest that its own hypervisor has handled, each up to the next entry of that guest. */
    public ExitCounts reflected() {
        return reflected;
    }

    /** Exits of the guest hypervisor itself: they are among all exits. */
    public ExitCounts ofGuestHypervisor() {
        return ofGuestHypervisor;
    }

    /** What the guest hypervisor's programs took in non-root mode: part of what hypervisors took. */
    public long guestHypervisorCycles() {
        return guestHypervisorCycles;
    }

    void spendInGuestHypervisor(long cycles) {
        guestHypervisorCycles += cycles;
    }

    void add(NestedCounts other) {
        reflected.add(other.reflected);
        ofGuestHypervisor.add(other.ofGuestHypervisor);
        guestHypervisorCycles += other.guestHypervisorCycles;
    }

    void clear() {
        reflected.clear();
        ofGuestHypervisor.clear();
        guestHypervisorCycles = 0;
    }

    void transfer(Snapshot snapshot) {
        reflected.transfer(snapshot);
        ofGuestHypervisor.transfer(snapshot);
        guestHypervisorCycles = snapshot.transfer(guestHypervisorCycles);
    }
}
