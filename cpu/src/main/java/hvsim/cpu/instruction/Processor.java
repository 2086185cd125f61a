package hvsim.cpu.instruction;

import hvsim.cpu.state.Msrs;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.PhysicalMemory;

/**
 * All that decides what becomes of an instruction: the state of the logical processor that executes it.
 *
 * @param mode outside VMX operation, or within it
 * @param cpl current privilege level, 0 to 3
 * @param vmcs the current one; its controls count in non-root mode only
 * @param memory holds the bitmaps that the VMCS points to
 * @param fixedInstructions whether the sensitive instructions that every CPL may execute fault above CPL 0
 */
public record Processor(
        Mode mode,
        int cpl,
        Registers registers,
        Msrs msrs,
        Vmcs vmcs,
        PhysicalMemory memory,
        boolean fixedInstructions) {
    /** With instructions as they are. */
    public Processor(Mode mode, int cpl, Registers registers, Msrs msrs, Vmcs vmcs, PhysicalMemory memory) {
        this(mode, cpl, registers, msrs, vmcs, memory, false);
    }

    /** VMX operation (SDM vol. 3, 23.3). */
    public enum Mode {
        OUTSIDE_VMX,
        ROOT,
        NON_ROOT
    }

    boolean isNonRoot() {
        return mode == Mode.NON_ROOT;
    }

    boolean isOutsideVmx() {
        return mode == Mode.OUTSIDE_VMX;
    }

    /** Whether a control is in force: in non-root mode. */
    boolean has(VmxControl control) {
        return isNonRoot() && vmcs.has(control);
    }

    boolean cr0(long bit) {
        return (registers.cr0 & bit) != 0;
    }

    boolean cr4(long bit) {
        return (registers.cr4 & bit) != 0;
    }

    boolean rflags(long bit) {
        return (registers.rflags & bit) != 0;
    }

    /** Real-address mode, or virtual-8086 mode. */
    boolean hasNoDescriptors() {
        return !registers.isProtectedMode() || registers.isVirtual8086();
    }

    boolean isCompatibilityMode() {
        return registers.isLongMode() && !registers.codeIs64Bit;
    }

    /** Bit {@code number} of a bitmap in memory that a field of the VMCS points to. */
    boolean bitOf(VmcsField bitmap, long number) {
        return bitAt(vmcs.read(bitmap), number);
    }

    boolean bitAt(long bitmapHpa, long number) {
        return (memory.read(bitmapHpa + (number >>> 6 << 3)) >>> (number & 63) & 1) != 0;
    }
}
