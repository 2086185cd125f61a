package hvsim.cpu;

import hvsim.cpu.state.Passage;
import hvsim.cpu.vmx.ExitReason;
import hvsim.tlb.Snapshot;
import java.util.List;

/** The VM exit, or the trap, that the hypervisor is at work on: it lasts until the next entry, whoever enters then. */
final class ExitUnderWay {
    private VmExit exit;
    private Passage reason = ExitReason.CPUID;
    private long since;
    private boolean lasts;
    private boolean othersRan;

    /** It is of a guest's own hypervisor. */
    private boolean ofGuestHypervisor;

    ExitUnderWay(Vcpu vcpu) {
        exit = new VmExit(vcpu, 0, 0);
    }

    void begin(Vcpu vcpu, Passage why, long now) {
        exit = new VmExit(vcpu, 0, 0);
        reason = why;
        since = now;
        lasts = true;
        othersRan = false;
        ofGuestHypervisor = vcpu.levels().isInGuestHypervisor();
    }

    /** It is that of an instruction with operands. */
    void setOperands(int operand, long value) {
        exit = new VmExit(exit.vcpu(), operand, value);
    }

    /** The last one, where none is under way. */
    VmExit exit() {
        return exit;
    }

    /** Another virtual processor has the core meanwhile. */
    void noteOthers() {
        othersRan = true;
    }

    boolean hadOthers() {
        return othersRan;
    }

    /** When it began, if it is of that one; or else now. */
    long sinceOf(Vcpu vcpu, long now) {
        return lasts && exit.vcpu() == vcpu ? since : now;
    }

    /** The time it took is counted for the one that exited. */
    void end(long now) {
        if (lasts) {
            Tally counts = exit.vcpu().counts();
            counts.exits().end(reason, now - since);
            if (ofGuestHypervisor) {
                counts.nested().ofGuestHypervisor().end(reason, now - since);
            }
            lasts = false;
        }
    }

    /** Writes or reads which of all virtual processors it is of, if it is of one. */
    void transferExit(Snapshot snapshot, List<Vcpu> all, Vcpu otherwise) {
        int number = snapshot.transfer(all.indexOf(exit.vcpu()));
        int operand = snapshot.transfer(exit.operand());
        long value = snapshot.transfer(exit.value());
        exit = new VmExit(number < 0 ? otherwise : all.get(number), operand, value);
    }

    void transfer(Snapshot snapshot) {
        reason = ExitCounts.PASSAGES.get(snapshot.transfer(reason.place()));
        since = snapshot.transfer(since);
        lasts = snapshot.transfer(lasts);
        othersRan = snapshot.transfer(othersRan);
        ofGuestHypervisor = snapshot.transfer(ofGuestHypervisor);
    }
}
