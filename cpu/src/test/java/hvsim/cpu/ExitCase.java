package hvsim.cpu;

import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import java.util.function.Consumer;

/**
 * A guest that comes to one exit, and what the VMCS says of it.
 *
 * @param setUp before the first entry
 * @param lengthBytes VM-exit instruction length; 0 where the exit has none
 * @param interruptionInfo field 4404H
 */
record ExitCase(
        ExitReason reason,
        long[] program,
        Consumer<SmallGuest> setUp,
        long qualification,
        int lengthBytes,
        long interruptionInfo) {

    /** An event comes while the guest runs some stretch of computation. */
    static ExitCase event(ExitReason reason, Consumer<SmallGuest> setUp, long qualification, long interruptionInfo) {
        long[] program = {GuestOp.work(100), GuestOp.work(100), GuestOp.work(100)};
        return new ExitCase(reason, program, setUp, qualification, 0, interruptionInfo);
    }

    static ExitCase reference(ExitReason reason, long word, Consumer<SmallGuest> setUp, long qualification) {
        return new ExitCase(reason, new long[] {word}, setUp, qualification, 0, 0);
    }

    /** An instruction at CPL 0. */
    static ExitCase instruction(
            ExitReason reason,
            Instruction instruction,
            int operand,
            long value,
            long qualification,
            Consumer<SmallGuest> setUp) {
        long[] program = {GuestOp.instructionWithValue(instruction, 0, operand), value};
        return new ExitCase(reason, program, setUp, qualification, instruction.lengthBytes(), 0);
    }

    static ExitCase instruction(ExitReason reason, Instruction instruction, VmxControl... controls) {
        return instruction(reason, instruction, 0, 0, 0, with(controls));
    }

    static Consumer<SmallGuest> with(VmxControl... controls) {
        return guest -> {
            for (VmxControl control : controls) {
                guest.vcpu.vmcs().set(control, true);
            }
        };
    }

    static Consumer<SmallGuest> with(VmcsField field, long value) {
        return guest -> guest.vcpu.vmcs().write(field, value);
    }

    SmallGuest guest() {
        SmallGuest guest = new SmallGuest(program);
        setUp.accept(guest);
        return guest;
    }

    @Override
    public String toString() {
        return reason.number() + " " + reason;
    }
}
