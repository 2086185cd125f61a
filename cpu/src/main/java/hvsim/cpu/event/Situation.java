package hvsim.cpu.event;

import hvsim.cpu.state.ActivityState;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmxControl;

/**
 * What decides about events between two instructions.
 *
 * @param isNonRoot whether the controls of the VMCS are in force
 * @param interruptibility as {@link Interruptibility#bits}
 */
public record Situation(boolean isNonRoot, Vmcs vmcs, long rflags, int interruptibility, ActivityState activity) {
    boolean has(VmxControl control) {
        return isNonRoot && vmcs.has(control);
    }

    private boolean isBlocked(int by) {
        return (interruptibility & by) != 0;
    }

    /** RFLAGS.IF and no instruction that holds interrupts back. */
    boolean opensForInterrupts() {
        return (rflags & Registers.RFLAGS_IF) != 0
                && !isBlocked(Interruptibility.BY_STI | Interruptibility.BY_MOV_SS)
                && activity.takesInterrupts();
    }

    boolean blocksNmi() {
        return isBlocked(Interruptibility.BY_NMI);
    }

    boolean blocksByMovSs() {
        return isBlocked(Interruptibility.BY_MOV_SS);
    }
}
