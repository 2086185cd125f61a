package hvsim.cpu.instruction;

import hvsim.cpu.instruction.Processor.Mode;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Msrs;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.PhysicalMemory;

/** A processor in the making: a 64-bit kernel's registers, an empty VMCS, and memory for bitmaps. */
final class Setting {
    final Registers registers = new Registers();
    final Msrs msrs = new Msrs();
    final Vmcs vmcs = new Vmcs();
    final PhysicalMemory memory = new PhysicalMemory(1L << 30);

    Setting with(VmxControl... controls) {
        vmcs.set(VmxControl.ACTIVATE_SECONDARY_CONTROLS, true);
        vmcs.set(VmxControl.ACTIVATE_TERTIARY_CONTROLS, true);
        for (VmxControl control : controls) {
            vmcs.set(control, true);
        }
        return this;
    }

    Setting cr4(long bits) {
        registers.cr4 |= bits;
        return this;
    }

    Decision bare(Instruction instruction, int cpl, long operand, long value) {
        return decide(Mode.OUTSIDE_VMX, instruction, cpl, operand, value);
    }

    Decision root(Instruction instruction, int cpl) {
        return decide(Mode.ROOT, instruction, cpl, 0, 0);
    }

    Decision guest(Instruction instruction, int cpl, long operand, long value) {
        return decide(Mode.NON_ROOT, instruction, cpl, operand, value);
    }

    private Decision decide(Mode mode, Instruction instruction, int cpl, long operand, long value) {
        return InstructionRules.decide(
                Operation.of(instruction, operand, value), new Processor(mode, cpl, registers, msrs, vmcs, memory));
    }

    /** A decision in short: {@code executes}, {@code different}, {@code #GP(0)}, {@code exits HLT 0}. */
    static String shortOf(Decision d) {
        return switch (d.kind()) {
            case EXECUTES -> d.isSilentlyDifferent() ? "different" : "executes";
            case FAULTS ->
                ExceptionVector.byNumber(d.vector()).mnemonic()
                        + (d.errorCode() == Decision.NO_ERROR_CODE ? "" : "(" + d.errorCode() + ")");
            case EXITS -> "exits " + nameOf(d) + " " + Long.toHexString(d.qualification());
        };
    }

    private static String nameOf(Decision d) {
        ExitReason reason = d.reason();
        return reason == null ? "?" : reason.name();
    }
}
