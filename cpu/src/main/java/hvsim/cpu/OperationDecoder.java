package hvsim.cpu;

import hvsim.cpu.instruction.ControlRegisterValues;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.instruction.Processor;
import hvsim.cpu.state.Registers;

/** From the words of a program to the operation that decisions are about. */
final class OperationDecoder {
    private static final long OPERAND = 0xFFFF_FFFFL;

    private OperationDecoder() {}

    /** The instruction at the program's position; without a value of its own it has what is there already. */
    static Operation decode(Program program, Processor p) {
        long word = program.words[program.position];
        Instruction instruction = Instruction.byNumber(GuestOp.number(word));
        long operand = GuestOp.operand(word) & OPERAND;
        long value =
                GuestOp.words(word) == 2 ? program.words[program.position + 1] : present(instruction, (int) operand, p);
        return Operation.of(instruction, operand, value);
    }

    private static long present(Instruction instruction, int operand, Processor p) {
        Registers r = p.registers();
        return switch (instruction) {
            case MOV_TO_CR0 -> ControlRegisterValues.visibleCr0(p);
            case MOV_TO_CR2 -> r.cr2;
            case MOV_TO_CR3 -> r.cr3;
            case MOV_TO_CR4 -> ControlRegisterValues.visibleCr4(p);
            case MOV_TO_CR8 -> r.cr8;
            case MOV_TO_DR -> InstructionEffects.debugRegister(operand, r);
            case POPF, POPFD, POPFQ, IRET -> r.rflags;
            case LGDT -> r.gdtrBase;
            case LIDT -> r.idtrBase;
            case XSETBV -> r.xcr0;
            case WRPKRU -> r.pkru & OPERAND;
            default -> 0;
        };
    }
}
