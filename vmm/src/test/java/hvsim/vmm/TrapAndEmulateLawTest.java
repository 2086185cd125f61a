package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.CoreSpec;
import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.Observations;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Registers;
import hvsim.vmm.SensitiveOracle.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Popek and Goldberg's theorem: where all sensitive instructions are privileged, a guest at CPL 3 sees what it sees on a
 * bare processor. Where they are not, it sees something else exactly when {@link SensitiveOracle} says so.
 */
class TrapAndEmulateLawTest {
    private static final int PROGRAMS = 150;

    private static final List<KernelEvent> EVENTS = List.of(
            KernelEvent.PROCESS_SWITCH,
            KernelEvent.MAP,
            KernelEvent.UNMAP,
            KernelEvent.PROTECT,
            KernelEvent.FORK,
            KernelEvent.PAGE_FAULT,
            KernelEvent.SYSCALL);

    /** VMX operation is not offered to guests, and protection keys, SMEP and SMAP tell the kernel's pages by their U/S. */
    private static final long CR4_CHANGES = Registers.CR4_TSD
            | Registers.CR4_DE
            | Registers.CR4_PGE
            | Registers.CR4_PCE
            | Registers.CR4_UMIP
            | Registers.CR4_OSXSAVE
            | Registers.CR4_MCE;

    @ParameterizedTest
    @EnumSource(Instruction.class)
    void onAFixedProcessorEachInstructionIsSeenAsNatively(Instruction instruction) {
        List<Long> words = new ArrayList<>();
        Random random = new Random(instruction.ordinal());
        for (int cpl = 0; cpl <= 3; cpl += 3) {
            addEach(words, instruction, cpl, random);
        }
        checkSame(words, false, "");
    }

    private static void addEach(List<Long> words, Instruction instruction, int cpl, Random random) {
        words.add(GuestOp.instruction(instruction, cpl, 0));
        for (int i = 0; i < 8; i++) {
            words.add(
                    GuestOp.instructionWithValue(instruction, cpl, EveryInstructionTest.operand(instruction, random)));
            words.add(value(instruction, random));
        }
    }

    @ParameterizedTest
    @EnumSource(Instruction.class)
    void translatedEachInstructionOfTheKernelIsSeenAsNatively(Instruction instruction) {
        List<Long> words = new ArrayList<>();
        addEach(words, instruction, 0, new Random(instruction.ordinal()));
        assertSame(bare(words, false, false), translated(words, false), "");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onAFixedProcessorRandomProgramsAreSeenAsNatively(boolean demandPaging) {
        List<Instruction> all = new ArrayList<>(EnumSet.allOf(Instruction.class));
        for (int seed = 0; seed < PROGRAMS; seed++) {
            Random random = new Random(seed);
            List<Long> words = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                addAny(words, all, 3, random);
            }
            checkSame(words, demandPaging, "seed " + seed + ": ");
        }
    }

    static void addAny(List<Long> words, List<Instruction> all, int userCpl, Random random) {
        int kind = random.nextInt(20);
        if (kind < 10) {
            Instruction instruction = all.get(random.nextInt(all.size()));
            int operand = operand(instruction, random);
            int cpl = random.nextInt(4) == 0 ? userCpl : 0;
            if (random.nextBoolean()) {
                words.add(GuestOp.instruction(instruction, cpl, operand));
            } else {
                words.add(GuestOp.instructionWithValue(instruction, cpl, operand));
                words.add(value(instruction, random));
            }
        } else if (kind < 19) {
            long gva = (1L << 32) + 4096L * random.nextInt(30);
            words.add(GuestOp.premap(gva));
            words.add(GuestOp.memory(random.nextInt(4), gva + random.nextInt(4096), 1 + random.nextInt(16)));
        } else {
            words.add(GuestOp.event(EVENTS.get(random.nextInt(EVENTS.size())), random.nextInt(4)));
        }
    }

    /**
     * CR3 stays, and so do the modes that the guest's kernel and this hypervisor need; a kernel that is single-stepped
     * takes its own operations for faulty.
     */
    static long value(Instruction instruction, Random random) {
        return switch (instruction) {
            case MOV_TO_CR4 ->
                random.nextInt(4) == 0
                        ? 1L << 40
                        : (Registers.CR4_PAE | Registers.CR4_PGE) ^ random.nextLong() & CR4_CHANGES;
            case POPF, POPFD, POPFQ, IRET -> random.nextLong() & ~Registers.RFLAGS_TF;
            default -> EveryInstructionTest.value(instruction, random);
        };
    }

    /** Deadlines make time an observation. */
    private static int operand(Instruction instruction, Random random) {
        int operand = EveryInstructionTest.operand(instruction, random);
        return operand == ApicMsr.TSC_DEADLINE ? ApicMsr.TASK_PRIORITY : operand;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void translatedRandomKernelsAreSeenAsNatively(boolean demandPaging) {
        List<Instruction> all = new ArrayList<>(EnumSet.allOf(Instruction.class));
        for (int seed = 0; seed < PROGRAMS; seed++) {
            Random random = new Random(seed);
            List<Long> words = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                addAny(words, all, 0, random);
            }
            assertSame(bare(words, demandPaging, false), translated(words, demandPaging), "seed " + seed + ": ");
        }
    }

    private static void checkSame(List<Long> words, boolean demandPaging, String what) {
        assertSame(bare(words, demandPaging, true), deprivileged(words, demandPaging, true), what);
    }

    static void assertSame(Observations bare, Observations virtual, String what) {
        int different = bare.firstDifference(virtual);
        assertEquals(
                -1,
                different,
                () -> what + "natively " + bare.at(different) + ", deprivileged " + virtual.at(different));
        assertEquals(bare.digest(), virtual.digest(), what);
    }

    @Test
    void otherwiseItDiffersExactlyWhenASensitiveInstructionRanWhereItMatters() {
        int differed = 0;
        for (int seed = 0; seed < 20 * PROGRAMS; seed++) {
            Random random = new Random(seed);
            SensitiveOracle oracle = new SensitiveOracle();
            List<Long> words = new ArrayList<>();
            boolean matters = false;
            for (int i = 0; i < 3; i++) {
                Step step = Step.random(random);
                matters |= oracle.differs(step);
                step.addTo(words);
            }
            boolean differs = bare(words, false, false).digest()
                    != deprivileged(words, false, false).digest();
            assertEquals(matters, differs, "seed " + seed);
            differed += differs ? 1 : 0;
        }
        assertTrue(differed > PROGRAMS && differed < 19 * PROGRAMS, differed + " differ");
    }

    private static Observations bare(List<Long> words, boolean demandPaging, boolean fixed) {
        VmSpec vm = vm(words, demandPaging);
        CoreSpec core = TrapAndEmulateTest.core(fixed);
        return run(new MachineSpec(vm.memoryBytes(), core, Optional.empty(), List.of(vm)));
    }

    private static Observations deprivileged(List<Long> words, boolean demandPaging, boolean fixed) {
        return run(TrapAndEmulateTest.deprivileged(fixed, vm(words, demandPaging)));
    }

    private static Observations translated(List<Long> words, boolean demandPaging) {
        return run(BinaryTranslationTest.translated(
                BinaryTranslationTest.spec(4096, true, true), vm(words, demandPaging)));
    }

    private static VmSpec vm(List<Long> words, boolean demandPaging) {
        long[] program = words.stream().mapToLong(Long::longValue).toArray();
        return TestMachines.vm("a", demandPaging, 2, program);
    }

    private static Observations run(MachineSpec spec) {
        Machine machine = new Machine(spec);
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        assertEquals("", machine.vms().get(0).audit());
        return machine.vms().get(0).vcpu(0).observations();
    }
}
