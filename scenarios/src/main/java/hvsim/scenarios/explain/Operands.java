package hvsim.scenarios.explain;

import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.Operand;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.instruction.PortOperand;
import hvsim.cpu.instruction.SelectorOperand;
import hvsim.cpu.state.Registers;
import java.util.List;

/** The operation that a question is about: the instruction, and operands as given, or plain ones in their place. */
final class Operands {
    private static final int PLAIN_PORT = 0x71;
    private static final int PLAIN_MSR = 0x174;
    private static final int PLAIN_SELECTOR = 0x10;

    private Operands() {}

    static Operation of(Instruction instruction, List<String> given, Registers registers) {
        long operand = plainOperand(instruction);
        long value = plainValue(instruction, registers);
        boolean valueOnly = instruction.operand() == Operand.VALUE
                || instruction.operand() == Operand.GVA
                || instruction.operand() == Operand.PHYSICAL_ADDRESS;
        if (given.size() > (instruction.operand() == Operand.NONE ? 0 : valueOnly ? 1 : 2)) {
            throw new QuestionException(
                    instruction.mnemonic() + " does not have " + given.size() + " operands", written(instruction));
        }
        if (!given.isEmpty() && valueOnly) {
            value = Setting.number(given.get(0), "the operand of " + instruction.mnemonic());
        } else if (!given.isEmpty()) {
            operand = first(instruction, Setting.number(given.get(0), "the operand of " + instruction.mnemonic()));
        }
        if (given.size() > 1) {
            value = Setting.number(given.get(1), "the second operand of " + instruction.mnemonic());
        }
        return Operation.of(instruction, operand, value);
    }

    /** A number below 10000H is a port by itself; above, the packed operand with size and kind. */
    private static long first(Instruction instruction, long number) {
        if (!instruction.takes(number)) {
            throw new QuestionException(
                    "0x" + Long.toHexString(number) + " is no operand of " + instruction.mnemonic(),
                    instruction.mnemonic() + " takes: " + instruction.operand().form());
        }
        return number;
    }

    static String written(Instruction instruction) {
        return instruction.operand() == Operand.NONE
                ? "it has none"
                : "its operand is: " + Words.small(instruction.operand()).replace('_', ' ');
    }

    private static long plainOperand(Instruction instruction) {
        return switch (instruction.operand()) {
            case PORT -> PortOperand.of(PLAIN_PORT).pack();
            case MSR, MSR_VALUE -> PLAIN_MSR;
            case SELECTOR -> SelectorOperand.of(PLAIN_SELECTOR, 0).pack();
            case INVVPID_DESCRIPTOR, INVPCID_DESCRIPTOR, INVEPT_DESCRIPTOR -> 2;
            default -> 0;
        };
    }

    /** Control registers are moved to as they are. */
    private static long plainValue(Instruction instruction, Registers registers) {
        return switch (instruction) {
            case MOV_TO_CR0 -> registers.cr0;
            case MOV_TO_CR3 -> registers.cr3;
            case MOV_TO_CR4 -> registers.cr4;
            case XSETBV -> registers.xcr0;
            case POPF, POPFD, POPFQ -> registers.rflags ^ Registers.RFLAGS_IF;
            default -> 0;
        };
    }
}
