package hvsim.cpu.bochs;

import hvsim.cpu.instruction.Decision;
import hvsim.cpu.instruction.Encoding;
import hvsim.cpu.instruction.Encoding.MemoryOperand;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.InstructionRules;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.instruction.Processor;
import hvsim.cpu.state.Msrs;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmxOperation;
import hvsim.cpu.vmx.VmxResult;
import hvsim.ept.PhysicalMemory;
import java.util.Locale;

/**
 * A VMX instruction in root operation that was recorded.
 *
 * @param name of the instruction; {@code ss_} before it: right after MOV to SS
 * @param vmx in the state in which it is executed
 * @param recorded {@code FLAGS ERROR CURRENT} or {@code fault VECTOR}; the error is 0 where none is reported
 */
record OperationCase(String name, int cpl, long rax, long rbx, long[] operand, VmxOperation vmx, String recorded) {
    private static final long ZF = 0x40;
    private static final long FEATURE_CONTROL = 5;

    static OperationCase of(String[] line, VmxOperation vmx, String[] outcome) {
        long[] operand = {Recording.number(line[6]), Recording.number(line[7])};
        boolean fault = outcome[1].equals("fault");
        boolean reports = !fault && Recording.number(outcome[2]) == ZF;
        String recorded =
                fault ? "fault " + outcome[2] : outcome[2] + " " + (reports ? outcome[3] : "0") + " " + outcome[6];
        return new OperationCase(
                line[1],
                Integer.parseInt(line[2]),
                Recording.number(line[4]),
                Recording.number(line[5]),
                operand,
                vmx,
                recorded);
    }

    /** The same in the model; it changes the state, so it is asked once. */
    String modelled() {
        Decision decision = InstructionRules.decide(operation(), processor());
        if (decision.kind() == Decision.Kind.FAULTS) {
            return "fault " + Integer.toHexString(decision.vector());
        }
        VmxResult result = result();
        return Long.toHexString(result.rflags(0)) + " "
                + Integer.toHexString(result.error().number()) + " " + Long.toHexString(vmx.currentPointer());
    }

    private Operation operation() {
        Instruction instruction = Instruction.valueOf(name.replace("ss_", "").toUpperCase(Locale.ROOT));
        return new Operation(instruction, rax & 3, rbx, new Encoding(3, 0, MemoryOperand.AT_RAX));
    }

    private Processor processor() {
        Registers registers = new Registers();
        registers.cr4 |= Registers.CR4_VMXE;
        return new Processor(Processor.Mode.ROOT, cpl, registers, new Msrs(), new Vmcs(), new PhysicalMemory(1 << 20));
    }

    private VmxResult result() {
        return switch (name) {
            case "vmclear" -> vmx.vmclear(operand[0]);
            case "vmptrld" -> vmx.vmptrld(operand[0]);
            case "vmptrst" -> VmxResult.SUCCEED;
            case "vmread" -> vmx.vmread(rbx).result();
            case "vmwrite" -> vmx.vmwrite(rbx, rax);
            case "vmlaunch" -> vmx.enter(true, true, false).result();
            case "vmresume" -> vmx.enter(false, true, false).result();
            case "ss_vmlaunch" -> vmx.enter(true, true, true).result();
            case "ss_vmresume" -> vmx.enter(false, true, true).result();
            case "vmxon" -> vmx.vmxon(operand[0], processor().registers(), FEATURE_CONTROL);
            case "invept" -> vmx.invept(rax, operand[0]);
            case "invvpid" -> vmx.invvpid(rax, operand[0], operand[1]);
            default -> throw new IllegalStateException(name);
        };
    }

    @Override
    public String toString() {
        return name + " cpl " + cpl + " rax " + Long.toHexString(rax) + " rbx " + Long.toHexString(rbx) + " operand "
                + Long.toHexString(operand[0]) + " " + Long.toHexString(operand[1]) + ": recorded " + recorded;
    }
}
