package hvsim.cpu.instruction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.instruction.Encoding.MemoryOperand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fields of VM-exit instruction information, each with a value of its own (SDM vol. 3, tables 27-8 to 27-14). */
class InstructionInformationTest {
    private static final int REGISTER = 5;
    private static final int SECOND = 9;

    /** FS:[RBX + 8 * RSI] with addresses of 64 bits. */
    private static final MemoryOperand MEMORY = new MemoryOperand(4, 3, 6, 3, 64, 0x1000);

    private static String information(Instruction instruction, MemoryOperand memory) {
        Encoding encoding = new Encoding(4, REGISTER, SECOND, memory);
        return Long.toHexString(InstructionInformation.of(new Operation(instruction, 0, 0, encoding)));
    }

    @ParameterizedTest
    @CsvSource({
        "INS, 100",
        "OUTS, 20100",
        "INVEPT, 919a0103",
        "VMREAD, 919a0103",
        "SGDT, 19a0103",
        "SIDT, 119a0103",
        "LGDT, 219a0103",
        "LIDT, 319a0103",
        "SLDT, 19a0103",
        "STR, 119a0103",
        "LLDT, 219a0103",
        "LTR, 319a0103",
        "VMCLEAR, 19a0103",
        "HLT, 0",
    })
    void anOperandInMemoryIsTold(Instruction instruction, String expected) {
        assertEquals(expected, information(instruction, MEMORY));
    }

    @ParameterizedTest
    @CsvSource({
        "VMWRITE, 90000428",
        "SLDT, 428",
        "STR, 10000428",
        "LLDT, 20000428",
        "LTR, 30000428",
        "RDRAND, 1028",
        "TPAUSE, 828",
    })
    void anOperandInARegisterIsTold(Instruction instruction, String expected) {
        assertEquals(expected, information(instruction, MemoryOperand.NONE));
    }

    @Test
    void anAddressWithoutBaseAndIndexSaysSo() {
        int none = MemoryOperand.NO_REGISTER;
        assertEquals("8418080", information(Instruction.SGDT, new MemoryOperand(3, none, none, 0, 32, 8)));
    }

    @Test
    void onlyInstructionsWithAnOperandInMemoryHaveItsDisplacement() {
        assertTrue(InstructionInformation.hasMemoryForm(Instruction.INVEPT));
        assertFalse(InstructionInformation.hasMemoryForm(Instruction.RDRAND));
    }
}
