package hvsim.cpu.instruction;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.state.Msrs;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.LongModeVmcs;
import hvsim.cpu.vmx.Vmcs;
import hvsim.ept.PhysicalMemory;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which operands there are, and that each of them is decided on. */
class OperandTest {
    private static final int CASES = 1_000;

    @ParameterizedTest
    @CsvSource({
        "IN, 0x1dffff, 0x200000",
        "IN, 0x10000, 0x20000",
        "LLDT, 0xbfffff, 0xc00000",
        "LLDT, 0xa00000, 0xffffffff",
        "INVPCID, 0x1ffff, 0x20000",
        "INVVPID, 0x1fffff, 0x200000",
        "LMSW, 0x1ffff, 0x20000",
        "INT_N, 0xffff07ff, 0x800",
        "INTO, 1, 2",
        "MOV_TO_DR, 7, 8",
        "IRET, 0xffff, 0x10000",
        "CPUID, 0, 0x100000000",
        "MOV_TO_CR3, 0, 1",
        "RDMSR, 0xffffffff, 0x100000000"
    })
    void anInstructionTakesSomeOperandsAndNotOthers(Instruction instruction, long taken, long refused) {
        assertTrue(instruction.takes(taken));
        assertFalse(instruction.takes(refused));
    }

    @ParameterizedTest
    @CsvSource({"0x1234, true, 0x11234", "0xffff, false, 0xffff", "0, true, 0x10000"})
    void aStatusWordSaysWhetherItIsInMemory(int source, boolean isMemory, int packed) {
        assertEquals(packed, new LmswOperand(source, isMemory).pack());
        assertEquals(new LmswOperand(source, isMemory), LmswOperand.unpack(packed));
    }

    /** Bits at random, many and few of them, in each mode and at each privilege. */
    @ParameterizedTest
    @EnumSource
    void whateverOperandAnInstructionTakesIsDecidedOn(Instruction instruction) {
        SplittableRandom random = new SplittableRandom(7);
        PhysicalMemory memory = new PhysicalMemory(1 << 30);
        Vmcs vmcs = new Vmcs();
        LongModeVmcs.prepare(vmcs);
        for (int i = 0; i < CASES; i++) {
            long bits = random.nextLong(1L << random.nextInt(Integer.SIZE + 1));
            long value = random.nextLong() >> random.nextInt(Long.SIZE);
            Processor.Mode mode = Processor.Mode.values()[random.nextInt(3)];
            Processor p = new Processor(mode, random.nextInt(4), new Registers(), new Msrs(), vmcs, memory);
            if (instruction.takes(bits)) {
                assertDoesNotThrow(
                        () -> InstructionRules.decide(Operation.of(instruction, bits, value), p),
                        () -> Long.toHexString(bits) + " " + Long.toHexString(value));
            }
        }
    }
}
