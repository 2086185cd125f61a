package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.Observations;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.Sensitivity;
import hvsim.vmm.SensitiveOracle.Step;
import hvsim.vmm.cpu.DeprivilegedSpec.Kernel;
import hvsim.vmm.kernel.GuestMode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Popek and Goldberg's theorem, its other half: where sensitive instructions are not privileged, a guest whose kernel is at
 * CPL 3, or in 32-bit modes at CPL 1, sees something else exactly when {@link SensitiveOracle} says so. Where they are, {@link FidelityLawTest} has the law.
 */
class TrapAndEmulateLawTest {
    private static final int PROGRAMS = 3_000;

    @Test
    void theOracleKnowsAllThatAreSensitiveWithoutBeingPrivileged() {
        Set<Instruction> listed = EnumSet.allOf(Instruction.class);
        listed.removeIf(instruction -> instruction.sensitivity() == Sensitivity.NOT_LISTED);
        assertTrue(SensitiveOracle.INSTRUCTIONS.containsAll(listed));
    }

    @ParameterizedTest
    @CsvSource({"LONG, WITH_USER, 3", "PAE, RING_ONE, 1"})
    void itDiffersExactlyWhenASensitiveInstructionRanWhereItMatters(GuestMode mode, Kernel kernel, int cpl) {
        int differed = 0;
        Set<Instruction> guilty = EnumSet.noneOf(Instruction.class);
        for (int seed = 0; seed < PROGRAMS; seed++) {
            Random random = new Random(seed);
            SensitiveOracle oracle = new SensitiveOracle(cpl);
            List<Long> words = new ArrayList<>();
            boolean matters = false;
            for (int i = 0; i < 3; i++) {
                Step step = Step.random(random, cpl);
                if (oracle.differs(step)) {
                    matters = true;
                    guilty.add(step.instruction());
                }
                step.addTo(words);
            }
            boolean differs = run(TestMachines.bare(vm(mode, words))).digest()
                    != run(TrapAndEmulateTest.deprivileged(kernel, false, vm(mode, words)))
                            .digest();
            assertEquals(matters, differs, "seed " + seed);
            differed += differs ? 1 : 0;
        }
        assertTrue(differed > PROGRAMS / 20 && differed < PROGRAMS * 19 / 20, differed + " differ");
        Set<Instruction> able = EnumSet.copyOf(SensitiveOracle.INSTRUCTIONS);
        able.removeAll(SensitiveOracle.SHOW_NO_DIFFERENCE);
        assertEquals(able, guilty);
    }

    private static VmSpec vm(GuestMode mode, List<Long> words) {
        return TestMachines.vm(
                mode, false, words.stream().mapToLong(Long::longValue).toArray());
    }

    private static Observations run(MachineSpec spec) {
        Machine machine = new Machine(spec);
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        assertEquals("", machine.vms().get(0).audit());
        return machine.vms().get(0).vcpu(0).observations();
    }
}
