package hvsim.cpu.instruction;

import hvsim.cpu.state.Msrs;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.Vmcs;
import hvsim.ept.PhysicalMemory;

/**
 * All that decides what becomes of an instruction: the state of the logical processor that executes it.
 *
 * @param mode outside VMX operation, or within it
 * @param cpl current privilege level, 0 to 3
 * @param vmcs the current one; its controls count in non-root mode only
 * @param memory holds the bitmaps that the VMCS points to
 */
public record Processor(Mode mode, int cpl, Registers registers, Msrs msrs, Vmcs vmcs, PhysicalMemory memory) {
    /** VMX operation (SDM vol. 3, 23.3). */
    public enum Mode {
        OUTSIDE_VMX,
        ROOT,
        NON_ROOT
    }
}
