package hvsim.vmm.kernel;

import hvsim.cpu.KernelEvent;
import hvsim.cpu.instruction.Instruction;
import hvsim.tlb.Snapshot;

/**
 * From one address space to another. Interrupts are held back from the choice of the value for CR3 until it is loaded:
 * a handler between the two would invalidate pages of the wrong process.
 */
final class ProcessSwitch {
    private final Processes processes;
    private final KernelImage image;
    private final KernelPrograms programs;
    private final int[] next;
    private final boolean[] goesOn;

    ProcessSwitch(Processes processes, KernelImage image, KernelPrograms programs, int vcpus) {
        this.processes = processes;
        this.image = image;
        this.programs = programs;
        this.next = new int[vcpus];
        this.goesOn = new boolean[vcpus];
    }

    /** @param callGoesOn whether a call is in the middle of something, and continues there */
    void begin(int vcpu, int process, boolean callGoesOn, KernelCode code) {
        next[vcpu] = process;
        goesOn[vcpu] = callGoesOn;
        code.path(Path.PROCESS_SWITCH).instruction(Instruction.CLI).then(KernelEvent.ENTER_PROCESS);
    }

    void enter(int vcpu) {
        create(next[vcpu]);
        KernelCode code = programs.push(vcpu);
        code.loadCr3(processes.enter(vcpu, next[vcpu])).instruction(Instruction.STI);
        if (goesOn[vcpu]) {
            code.then(KernelEvent.CONTINUE);
        }
    }

    /** The loader makes a process when it first runs, free of charge. */
    void create(int process) {
        AddressSpace space = processes.space(process);
        if (!space.exists()) {
            space.create();
            image.linkInto(space);
        }
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(next);
        for (int vcpu = 0; vcpu < goesOn.length; vcpu++) {
            goesOn[vcpu] = snapshot.transfer(goesOn[vcpu]);
        }
    }
}
