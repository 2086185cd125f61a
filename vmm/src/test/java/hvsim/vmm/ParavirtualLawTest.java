package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.GuestOp;
import hvsim.cpu.instruction.Instruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A guest with a kernel that was changed sees what it sees on a bare processor, though the processor is not fixed. Its
 * users were not changed: what is sensitive they leave to the kernel here.
 */
class ParavirtualLawTest {
    private static final int PROGRAMS = 150;

    @ParameterizedTest
    @EnumSource(Instruction.class)
    void eachInstructionIsSeenAsNatively(Instruction instruction) {
        List<Long> words = new ArrayList<>();
        Random random = new Random(instruction.ordinal());
        for (int cpl = 0; cpl <= (instruction.isFixed() ? 0 : 3); cpl += 3) {
            words.add(GuestOp.instruction(instruction, cpl, 0));
            for (int i = 0; i < 8; i++) {
                words.add(GuestOp.instructionWithValue(
                        instruction, cpl, EveryInstructionTest.operand(instruction, random)));
                words.add(TrapAndEmulateLawTest.value(instruction, random));
            }
        }
        checkSame(words, false, 32, "");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 32})
    void randomProgramsAreSeenAsNatively(int batch) {
        for (int seed = 0; seed < PROGRAMS; seed++) {
            Random random = new Random(seed);
            List<Long> words = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                int at = words.size();
                TrapAndEmulateLawTest.addAny(words, List.of(Instruction.values()), 3, random);
                words.set(at, byKernel(words.get(at)));
            }
            checkSame(words, batch == 3, batch, "seed " + seed + ": ");
        }
    }

    private static long byKernel(long word) {
        boolean isSensitive = GuestOp.kind(word) == GuestOp.INSTRUCTION
                && Instruction.byNumber(GuestOp.number(word)).isFixed();
        return isSensitive ? word & ~(3L << 58) : word;
    }

    private static void checkSame(List<Long> words, boolean demandPaging, int batch, String what) {
        long[] program = words.stream().mapToLong(Long::longValue).toArray();
        VmSpec vm = TestMachines.vm("vm", demandPaging, 2, program);
        Machine bare = run(TestMachines.bare(vm));
        Machine changed = run(ParavirtualTest.paravirtual(batch, TestMachines.vm("vm", demandPaging, 2, program)));
        TrapAndEmulateLawTest.assertSame(
                bare.vms().get(0).vcpu(0).observations(),
                changed.vms().get(0).vcpu(0).observations(),
                what);
        assertEquals("", changed.vms().get(0).audit(), what);
    }

    private static Machine run(MachineSpec spec) {
        Machine machine = new Machine(spec);
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        return machine;
    }

    @Test
    void aFaultOfWhatComesInPlaceOfAnInstructionIsTheKernelsOwn() {
        List<Long> words = new ArrayList<>();
        words.add(GuestOp.instructionWithValue(Instruction.LAR, 0, 0));
        words.add(0L);
        words.add(GuestOp.instructionWithValue(Instruction.MOV_TO_CR0, 0, 0));
        words.add(1L << 40);
        checkSame(words, false, 32, "");
    }
}
