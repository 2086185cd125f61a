package hvsim.vmm.kernel;

import hvsim.cpu.KernelEvent;
import hvsim.cpu.Vcpu;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Registers;
import hvsim.tlb.Snapshot;
import java.util.List;

/**
 * The timer interrupt of each virtual processor: its deadline is in cycles of the time-stamp counter, and each tick
 * sets the next one. Ticks that were missed are left out.
 */
final class Ticks {
    private final List<Vcpu> vcpus;
    private final KernelPrograms programs;
    private final long periodCycles;
    private final long[] deadline;
    private final boolean[] inHandler;

    Ticks(List<Vcpu> vcpus, KernelPrograms programs, long periodCycles) {
        this.vcpus = List.copyOf(vcpus);
        this.programs = programs;
        this.periodCycles = periodCycles;
        this.deadline = new long[vcpus.size()];
        this.inHandler = new boolean[vcpus.size()];
    }

    /** Before anything else runs, each virtual processor sets its first deadline. */
    void start() {
        for (int vcpu = 0; vcpu < vcpus.size() && periodCycles > 0; vcpu++) {
            KernelCode code = programs.push(vcpu);
            code.startTimer(Interrupts.TICK_VECTOR)
                    .instruction(Instruction.RDTSC)
                    .then(KernelEvent.SET_DEADLINE);
        }
    }

    /** The interrupt has arrived. */
    void handle(int vcpu) {
        inHandler[vcpu] = true;
        programs.push(vcpu).path(Path.TICK).instruction(Instruction.RDTSC).then(KernelEvent.SET_DEADLINE);
    }

    /** RDTSC has given the time. */
    void setDeadline(int vcpu) {
        Registers registers = vcpus.get(vcpu).registers();
        long now = registers.rdx << 32 | registers.rax;
        long missed = Math.max(0, now - deadline[vcpu]) / periodCycles;
        deadline[vcpu] += (missed + 1) * periodCycles;
        KernelCode code = programs.push(vcpu);
        code.setDeadline(deadline[vcpu]);
        if (inHandler[vcpu]) {
            inHandler[vcpu] = false;
            code.endInterrupt();
        }
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(deadline);
        for (int vcpu = 0; vcpu < inHandler.length; vcpu++) {
            inHandler[vcpu] = snapshot.transfer(inHandler[vcpu]);
        }
    }
}
