package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.CoreSpec;
import hvsim.cpu.ExitCounts;
import hvsim.cpu.GuestOp;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.vmx.ExitReason;
import hvsim.vmm.cpu.HandlerSpec;
import hvsim.vmm.cpu.HardwareSpec;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How handlers are written changes what exits cost, and not which there are; and no timer comes early. */
class HandlersTest {
    private static final int VECTOR = 0xE1;
    private static final int DEADLINE = 100_000;
    private static final int ADVANCE_CYCLES = 8_000;
    private static final int PIECE_CYCLES = 50;
    private static final HandlerSpec SHORT = new HandlerSpec(true, 0);
    private static final HandlerSpec EARLY = new HandlerSpec(false, ADVANCE_CYCLES);

    /** A port; a timer that goes off after a while, in which nothing exits. */
    private static long[] program() {
        long[] start = {
            GuestOp.instruction(Instruction.IN, 0, 0x60),
            GuestOp.instructionWithValue(Instruction.WRMSR, 0, ApicMsr.SPURIOUS_INTERRUPT),
            0x1FF,
            GuestOp.instructionWithValue(Instruction.WRMSR, 0, ApicMsr.TIMER),
            2 << 17 | VECTOR,
            GuestOp.instruction(Instruction.STI, 0, 0),
            GuestOp.instruction(Instruction.CPUID, 0, 0),
            GuestOp.instructionWithValue(Instruction.WRMSR, 0, ApicMsr.TSC_DEADLINE),
            DEADLINE
        };
        long[] words = Arrays.copyOf(start, start.length + 2 * DEADLINE / PIECE_CYCLES);
        Arrays.fill(words, start.length, words.length, GuestOp.work(PIECE_CYCLES));
        return words;
    }

    private static Machine machine(HandlerSpec handlers) {
        return machine(handlers, TestMachines.FEATURES);
    }

    private static Machine machine(HandlerSpec handlers, Set<HardwareSpec.Feature> features) {
        HardwareSpec plain = TestMachines.hardware(features, 10_000_000);
        HardwareSpec hypervisor = new HardwareSpec(
                plain.features(),
                plain.exceptionBitmap(),
                plain.dispatchCycles(),
                plain.cycles(),
                plain.scheduler(),
                handlers,
                Optional.empty());
        CoreSpec core = new CoreSpec(TestMachines.TLB, TestMachines.WALK, TestMachines.COSTS);
        return new Machine(new MachineSpec(
                64L << 30, core, Optional.of(hypervisor), List.of(TestMachines.vm("vm", false, 1, program()))));
    }

    private static ExitCounts exits(HandlerSpec handlers) {
        Machine machine = machine(handlers);
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        return machine.vms().get(0).vcpu(0).counts().exits();
    }

    private static void checkSameExits(HandlerSpec handlers) {
        ExitCounts plain = exits(HandlerSpec.PLAIN);
        ExitCounts others = exits(handlers);
        for (ExitReason reason : ExitReason.values()) {
            assertEquals(plain.samples(reason), others.samples(reason), reason.name());
        }
    }

    @Test
    void noExitComesOrGoes() {
        checkSameExits(SHORT);
        checkSameExits(EARLY);
    }

    @Test
    void theShortPathSavesDispatchAndMore() {
        int dispatch = TestMachines.hardware(TestMachines.FEATURES, 10_000_000).dispatchCycles();
        long saved = exits(HandlerSpec.PLAIN).cycles(ExitReason.PREEMPTION_TIMER)
                - exits(SHORT).cycles(ExitReason.PREEMPTION_TIMER);
        assertTrue(saved > dispatch, "" + saved);
    }

    @Test
    void theShortPathIsForTimersAndCommandsOnly() {
        assertEquals(
                exits(HandlerSpec.PLAIN).cycles(ExitReason.CPUID), exits(SHORT).cycles(ExitReason.CPUID));
    }

    /** When the guest's kernel gets the timer's interrupt. */
    private static long interruptedAt(Machine machine) {
        long until = 0;
        while (machine.core(0).request().vector() != VECTOR) {
            until += 10;
            machine.run(until);
        }
        return machine.core(0).clock();
    }

    private static void checkNear(long expected, long actual) {
        assertTrue(Math.abs(expected - actual) <= 100, actual + ", not " + expected);
    }

    @Test
    void anEntryWaitsForADeadlineThatIsClose() {
        int delivery = TestMachines.COSTS.vmEntry() + TestMachines.COSTS.pageFault();
        checkNear(DEADLINE + delivery, interruptedAt(machine(EARLY)));
    }

    @Test
    void theHostsTimerIsEarlyTooWhereThereIsNoPreemptionTimer() {
        Set<HardwareSpec.Feature> features = EnumSet.copyOf(TestMachines.FEATURES);
        features.remove(HardwareSpec.Feature.PREEMPTION_TIMER);
        checkNear(interruptedAt(machine(EARLY)), interruptedAt(machine(EARLY, features)));
    }

    @Test
    void withoutAdvanceTheWholeExitComesAfterTheDeadline() {
        assertTrue(interruptedAt(machine(HandlerSpec.PLAIN))
                > interruptedAt(machine(EARLY)) + TestMachines.COSTS.vmExit());
    }
}
