package hvsim.vmm.cpu;

import hvsim.cpu.Vcpu;
import hvsim.tlb.Snapshot;
import java.util.List;

/** Round robin: virtual processors that still have something to run take turns in a fixed order. */
public final class Turns {
    private final List<Vcpu> vcpus;
    private int current;

    public Turns(List<Vcpu> vcpus) {
        this.vcpus = List.copyOf(vcpus);
    }

    /** The one whose turn it is. */
    public Vcpu current() {
        return vcpus.get(current);
    }

    /** Gives the turn to the next one that has not ended, which may be the same again. */
    public Vcpu next() {
        for (int i = 0; i < vcpus.size(); i++) {
            current = (current + 1) % vcpus.size();
            if (!current().hasEnded()) {
                break;
            }
        }
        return current();
    }

    public boolean allEnded() {
        return vcpus.stream().allMatch(Vcpu::hasEnded);
    }

    public void transfer(Snapshot snapshot) {
        current = snapshot.transfer(current);
    }
}
