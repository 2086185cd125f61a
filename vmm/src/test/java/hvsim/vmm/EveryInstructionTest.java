package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.GuestOp;
import hvsim.cpu.Observations;
import hvsim.cpu.instruction.Instruction;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.cpu.translation.TranslationSpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A guest sees of every instruction what it sees on a bare processor, whatever exits or traps; but of VMCALL, which asks
 * the hypervisor: {@link HypercallTest}. Without privilege of its own it has two levels of it, and what its users execute
 * comes to nobody unless the processor is fixed.
 */
class EveryInstructionTest {
    private static final Set<HardwareSpec.Feature> ALL = EnumSet.allOf(HardwareSpec.Feature.class);

    @ParameterizedTest
    @EnumSource(value = Instruction.class, mode = EnumSource.Mode.EXCLUDE, names = "VMCALL")
    void isSeenAsNativelyAtEveryPrivilege(Instruction instruction) {
        checkOfHardware(words(instruction, 0, 1, 2, 3));
    }

    @ParameterizedTest
    @EnumSource(Instruction.class)
    void isSeenAsNativelyWithoutPrivilegeOnAFixedProcessor(Instruction instruction) {
        long[] words = words(instruction, 0, 3);
        checkSame(bare(true, words), TrapAndEmulateTest.deprivileged(true, vm(words)));
    }

    @ParameterizedTest
    @EnumSource(Instruction.class)
    void isSeenAsNativelyWhereKernelsAreTranslatedOrChanged(Instruction instruction) {
        long[] words = instruction.isFixed() ? words(instruction, 0) : words(instruction, 0, 3);
        TranslationSpec translation = BinaryTranslationTest.spec(4096, true, true);
        Observations bare = bare(false, words);
        checkSame(bare, BinaryTranslationTest.translated(translation, vm(words)));
        checkSame(bare, ParavirtualTest.paravirtual(32, vm(words)));
    }

    private static long[] words(Instruction instruction, int... cpls) {
        List<Long> words = new ArrayList<>();
        Random random = new Random(instruction.ordinal());
        for (int cpl : cpls) {
            words.add(GuestOp.instruction(instruction, cpl, 0));
            for (int i = 0; i < 8; i++) {
                words.add(GuestOp.instructionWithValue(instruction, cpl, operand(instruction, random)));
                words.add(value(instruction, random));
            }
        }
        return array(words);
    }

    private static long[] array(List<Long> words) {
        return words.stream().mapToLong(Long::longValue).toArray();
    }

    private static VmSpec vm(long... words) {
        return TestMachines.vm("a", false, 1, words);
    }

    @Test
    void togetherInAnyOrderTheyAreSeenAsNatively() {
        List<Instruction> all = new ArrayList<>(EnumSet.complementOf(EnumSet.of(Instruction.VMCALL)));
        Random random = new Random(3);
        List<Long> words = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            Instruction instruction = all.get(random.nextInt(all.size()));
            int cpl = random.nextInt(4) == 0 ? 3 : 0;
            if (random.nextBoolean()) {
                words.add(GuestOp.instruction(instruction, cpl, operand(instruction, random)));
            } else {
                words.add(GuestOp.instructionWithValue(instruction, cpl, operand(instruction, random)));
                words.add(value(instruction, random));
            }
        }
        checkOfHardware(array(words));
    }

    /** Mostly small, so that it often is one that the instruction takes. */
    static int operand(Instruction instruction, Random random) {
        return switch (instruction.operand()) {
            case PORT -> random.nextInt(1 << 17) | (random.nextBoolean() ? 1 << 20 : 0);
            case MSR, MSR_VALUE -> MSRS[random.nextInt(MSRS.length)];
            case SELECTOR -> random.nextInt(1 << 21);
            default -> random.nextInt(1 << random.nextInt(20));
        };
    }

    private static final int[] MSRS = {
        0x10, 0x3A, 0x174, 0x480, 0x48B, 0x6E0, 0x808, 0x4000_0000, 0xC000_0080, 0xC000_0101
    };

    /** A page table that is none would be another test: CR3 stays, and so do the modes that the guest's kernel needs. */
    static long value(Instruction instruction, Random random) {
        return switch (instruction) {
            case MOV_TO_CR0 -> 0x8001_0033L ^ 1L << random.nextInt(40);
            case MOV_TO_CR3 -> 1L << 60 | random.nextLong();
            case MOV_TO_CR4 -> 0x2_00A0L ^ 1L << random.nextInt(40);
            default -> random.nextBoolean() ? random.nextInt(8) : random.nextLong();
        };
    }

    private static void checkOfHardware(long... words) {
        Observations bare = bare(false, words);
        for (Set<HardwareSpec.Feature> features :
                List.of(TestMachines.FEATURES, ALL, EnumSet.of(HardwareSpec.Feature.VPID))) {
            checkSame(bare, TestMachines.nested(features, 1_000_000, vm(words)));
        }
    }

    private static Observations bare(boolean fixed, long... words) {
        VmSpec vm = vm(words);
        return run(new MachineSpec(vm.memoryBytes(), TrapAndEmulateTest.core(fixed), Optional.empty(), List.of(vm)));
    }

    private static void checkSame(Observations bare, MachineSpec spec) {
        Observations virtual = run(spec);
        int different = bare.firstDifference(virtual);
        assertEquals(-1, different, () -> "natively " + bare.at(different) + ", in a guest " + virtual.at(different));
        assertEquals(bare.digest(), virtual.digest());
    }

    private static Observations run(MachineSpec spec) {
        Machine machine = new Machine(spec);
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        assertEquals("", machine.vms().get(0).audit());
        return machine.vms().get(0).vcpu(0).observations();
    }
}
