package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.CoreSpec;
import hvsim.cpu.CyclePart;
import hvsim.cpu.GuestOp;
import hvsim.cpu.Vcpu;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.apic.InterruptCommand;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.vmx.ExitReason;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.cpu.HardwareSpec.Feature;
import hvsim.vmm.kernel.KernelSpec;
import hvsim.vmm.schedule.Candidate;
import hvsim.vmm.schedule.Policy;
import hvsim.vmm.schedule.SchedulerSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Interrupts between and for virtual processors: which exits each feature removes (SDM vol. 3, chapter 29). */
class InterruptTest {
    private static final int IPIS = 20;
    // vectors that the kernel knows nothing of: what it does about others is its own test
    private static final int VECTOR = 0x52;
    private static final int TICK = 0x51;
    private static final long STI = GuestOp.instruction(Instruction.STI, 0, 0);
    private static final long HLT = GuestOp.instruction(Instruction.HLT, 0, 0);

    /** Each with what it needs. */
    private enum Technique {
        SOFTWARE,
        TPR_SHADOW(Feature.TPR_SHADOW),
        VIRTUAL_INTERRUPTS(Feature.TPR_SHADOW, Feature.VIRTUAL_INTERRUPTS, Feature.APIC_REGISTERS),
        POSTED(Feature.TPR_SHADOW, Feature.VIRTUAL_INTERRUPTS, Feature.APIC_REGISTERS, Feature.POSTED_INTERRUPTS),
        IPI_VIRTUALIZATION(
                Feature.TPR_SHADOW,
                Feature.VIRTUAL_INTERRUPTS,
                Feature.APIC_REGISTERS,
                Feature.POSTED_INTERRUPTS,
                Feature.IPI_VIRTUALIZATION);

        private final Set<Feature> features = EnumSet.copyOf(TestMachines.FEATURES);

        Technique(Feature... more) {
            features.addAll(List.of(more));
        }
    }

    private static List<Long> wrmsr(int msr, long value) {
        return List.of(GuestOp.instructionWithValue(Instruction.WRMSR, 0, msr), value);
    }

    private static long[] words(List<Long> words) {
        return words.stream().mapToLong(Long::longValue).toArray();
    }

    /** Sends {@link #IPIS} interrupts with time in between. */
    private static long[] sender(InterruptCommand command) {
        List<Long> words = new ArrayList<>();
        for (int i = 0; i < IPIS; i++) {
            words.add(GuestOp.work(50_000));
            words.addAll(wrmsr(ApicMsr.COMMAND, command.encode()));
        }
        words.add(GuestOp.work(100_000));
        return words(words);
    }

    /** Runs with interrupts enabled for as long as the sender does, in pieces; then ends what came. */
    private static long[] receiver(int pieces) {
        List<Long> words = new ArrayList<>();
        words.add(STI);
        for (int i = 0; i < pieces; i++) {
            words.add(GuestOp.work(1_000));
        }
        return words(words);
    }

    private static VmSpec vm(long[]... programs) {
        List<VmSpec.VcpuSpec> vcpus = new ArrayList<>();
        for (int i = 0; i < programs.length; i++) {
            vcpus.add(new VmSpec.VcpuSpec(new TestMachines.WordStream(programs[i]), new Candidate(List.of(i), 1)));
        }
        return new VmSpec(
                "vm", 64L << 20, PageSize.SIZE_4K, PageSize.SIZE_4K, false, KernelSpec.of(1, false), vcpus, 1);
    }

    private static Machine machine(Set<Feature> features, long[]... programs) {
        CoreSpec core = new CoreSpec(TestMachines.TLB, TestMachines.WALK, TestMachines.COSTS);
        HardwareSpec hardware = TestMachines.hardware(features, 1_000_000);
        return new Machine(
                new MachineSpec(64L << 30, 4, 1, programs.length, core, Optional.of(hardware), List.of(vm(programs))));
    }

    private static Machine run(Set<Feature> features, long[]... programs) {
        Machine machine = machine(features, programs);
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        return machine;
    }

    private static long exits(Machine machine, int vcpu, ExitReason reason) {
        return machine.vms().get(0).vcpu(vcpu).exits().samples(reason);
    }

    @ParameterizedTest
    @EnumSource(Technique.class)
    void anIpiExitsWhereTheFeatureDoesNotRemoveIt(Technique technique) {
        Machine machine = run(technique.features, sender(InterruptCommand.fixed(VECTOR, 1)), receiver(1_500));
        boolean sends = technique != Technique.IPI_VIRTUALIZATION;
        boolean kicks = technique.ordinal() < Technique.POSTED.ordinal();
        assertEquals(sends ? IPIS : 0, exits(machine, 0, ExitReason.MSR_WRITE), "of the sender");
        assertEquals(kicks ? IPIS : 0, exits(machine, 1, ExitReason.EXTERNAL_INTERRUPT), "of the receiver");
    }

    private static long exits(Technique technique, ExitReason reason, List<Long> program) {
        return exits(run(technique.features, words(program)), 0, reason);
    }

    private static List<Long> program(List<?>... parts) {
        List<Long> words = new ArrayList<>();
        for (List<?> part : parts) {
            part.forEach(word -> words.add((Long) word));
        }
        return words;
    }

    @ParameterizedTest
    @EnumSource(Technique.class)
    void anInterruptForAClosedGuestNeedsTheWindowUnlessTheHardwareDelivers(Technique technique) {
        List<Long> program = program(
                List.of(GuestOp.instruction(Instruction.CLI, 0, 0)),
                wrmsr(ApicMsr.SELF_IPI, VECTOR),
                List.of(GuestOp.work(1_000), STI, GuestOp.work(1_000)));
        boolean software = technique.ordinal() < Technique.VIRTUAL_INTERRUPTS.ordinal();
        assertEquals(software ? 1 : 0, exits(technique, ExitReason.MSR_WRITE, program));
        assertEquals(software ? 1 : 0, exits(technique, ExitReason.INTERRUPT_WINDOW, program));
    }

    @ParameterizedTest
    @EnumSource(Technique.class)
    void theEndOfAnInterruptExitsUnlessTheHardwareDelivers(Technique technique) {
        List<Long> program = program(wrmsr(ApicMsr.END_OF_INTERRUPT, 0), wrmsr(ApicMsr.END_OF_INTERRUPT, 0));
        boolean software = technique.ordinal() < Technique.VIRTUAL_INTERRUPTS.ordinal();
        assertEquals(software ? 2 : 0, exits(technique, ExitReason.MSR_WRITE, program));
    }

    @ParameterizedTest
    @EnumSource(Technique.class)
    void theTaskPriorityExitsWithoutAPageForIt(Technique technique) {
        List<Long> program = program(
                wrmsr(ApicMsr.TASK_PRIORITY, 0x40),
                List.of(GuestOp.instruction(Instruction.RDMSR, 0, ApicMsr.TASK_PRIORITY)),
                List.of(GuestOp.instructionWithValue(Instruction.MOV_TO_CR8, 0, 0), 5L),
                List.of(GuestOp.instruction(Instruction.MOV_FROM_CR8, 0, 0)));
        boolean software = technique == Technique.SOFTWARE;
        Machine machine = run(technique.features, words(program));
        assertEquals(software ? 1 : 0, exits(machine, 0, ExitReason.MSR_WRITE));
        assertEquals(software ? 1 : 0, exits(machine, 0, ExitReason.MSR_READ));
        assertEquals(software ? 2 : 0, exits(machine, 0, ExitReason.CR_ACCESS));
        assertEquals(0x40, machine.vms().get(0).vcpu(0).observations().at(0).value());
        assertEquals(5, machine.vms().get(0).vcpu(0).observations().at(1).value());
    }

    @ParameterizedTest
    @EnumSource(Technique.class)
    void aLoweredPriorityExitsOnlyWhereSoftwareHasToInjectAndHardwareKeepsThePriority(Technique technique) {
        List<Long> program = program(
                wrmsr(ApicMsr.TASK_PRIORITY, 0xF0),
                wrmsr(ApicMsr.SELF_IPI, 0x41),
                List.of(STI, GuestOp.work(1_000)),
                wrmsr(ApicMsr.TASK_PRIORITY, 0x50),
                wrmsr(ApicMsr.TASK_PRIORITY, 0x20),
                List.of(GuestOp.work(1_000)));
        assertEquals(
                technique == Technique.TPR_SHADOW ? 1 : 0, exits(technique, ExitReason.TPR_BELOW_THRESHOLD, program));
    }

    @Test
    void readsOfRegistersExitWithoutApicRegisters() {
        List<Long> program = List.of(
                GuestOp.instruction(Instruction.RDMSR, 0, ApicMsr.ID),
                GuestOp.instruction(Instruction.RDMSR, 0, ApicMsr.SPURIOUS_INTERRUPT),
                GuestOp.instruction(Instruction.RDMSR, 0, ApicMsr.CURRENT_COUNT));
        assertEquals(3, exits(Technique.TPR_SHADOW, ExitReason.MSR_READ, program));
        assertEquals(
                1, exits(Technique.VIRTUAL_INTERRUPTS, ExitReason.MSR_READ, program), "the count is not in the page");
    }

    private static List<Long> haltUntil(long tsc) {
        return program(
                wrmsr(ApicMsr.TIMER, 2 << 17 | TICK),
                wrmsr(ApicMsr.TSC_DEADLINE, tsc),
                List.of(STI, HLT, GuestOp.work(10)));
    }

    @ParameterizedTest
    @EnumSource(Technique.class)
    void aHaltedGuestIsWokenByItsTimer(Technique technique) {
        for (boolean preempts : new boolean[] {true, false}) {
            Set<Feature> features = EnumSet.copyOf(technique.features);
            if (!preempts) {
                features.remove(Feature.PREEMPTION_TIMER);
            }
            Machine machine = run(features, words(haltUntil(700_000)));
            Vcpu vcpu = machine.vms().get(0).vcpu(0);
            assertEquals(1, exits(machine, 0, ExitReason.HLT));
            assertTrue(vcpu.cycles(CyclePart.IDLE) > 600_000);
            assertTrue(
                    machine.core(0).clock() < 720_000,
                    "clock " + machine.core(0).clock());
        }
    }

    @ParameterizedTest
    @EnumSource(Technique.class)
    void aHaltedGuestIsWokenByAnIpiWhetherHardwareOrSoftwareSendsIt(Technique technique) {
        long[] sender = words(program(
                List.of(GuestOp.work(300_000)),
                wrmsr(ApicMsr.COMMAND, InterruptCommand.fixed(VECTOR, 1).encode()),
                List.of(GuestOp.work(1_000))));
        Machine machine = run(technique.features, sender, words(haltUntil(1L << 40)));
        assertEquals(1, exits(machine, 1, ExitReason.HLT));
        assertTrue(machine.core(1).clock() < 400_000, "clock " + machine.core(1).clock());
    }

    @Test
    void aDeadlineOfAGuestThatRunsIsThePreemptionTimersOrTheHosts() {
        List<Long> program = program(
                wrmsr(ApicMsr.TIMER, 2 << 17 | TICK),
                wrmsr(ApicMsr.TSC_DEADLINE, 200_000),
                List.of(STI, GuestOp.work(300_000)));
        assertEquals(1, exits(Technique.SOFTWARE, ExitReason.PREEMPTION_TIMER, program));
        Set<Feature> without = EnumSet.copyOf(Technique.SOFTWARE.features);
        without.remove(Feature.PREEMPTION_TIMER);
        assertEquals(1, exits(run(without, words(program)), 0, ExitReason.EXTERNAL_INTERRUPT));
    }

    @Test
    void aKernelThatSpinsForTooLongGivesTheCoreAway() {
        long[] spins = new long[10_000];
        Arrays.fill(spins, GuestOp.instruction(Instruction.PAUSE, 0, 0));
        Set<Feature> with = EnumSet.copyOf(TestMachines.FEATURES);
        with.add(Feature.PAUSE_LOOP_EXITING);
        assertEquals(2, exits(run(with, spins), 0, ExitReason.PAUSE_INSTRUCTION), "two windows of 4096 cycles");
        assertEquals(0, exits(run(TestMachines.FEATURES, spins), 0, ExitReason.PAUSE_INSTRUCTION));
    }

    @ParameterizedTest
    @EnumSource(Technique.class)
    void goesOnFromASnapshotAsIfNothingHadBeen(Technique technique) throws IOException {
        long[] sender = sender(InterruptCommand.fixed(VECTOR, 1));
        for (long cut = 0; cut < 1_000_000; cut += 99_991) {
            Machine whole = machine(technique.features, sender, words(haltUntil(800_000)));
            Machine first = machine(technique.features, sender, words(haltUntil(800_000)));
            Machine second = machine(technique.features, sender, words(haltUntil(800_000)));
            whole.run(cut);
            whole.run(Long.MAX_VALUE);
            first.run(cut);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            first.transfer(Snapshot.savingTo(new DataOutputStream(bytes)));
            second.transfer(Snapshot.loadingFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))));
            second.run(Long.MAX_VALUE);
            assertEquals(whole.core(1).clock(), second.core(1).clock());
            assertEquals(
                    exits(whole, 1, ExitReason.EXTERNAL_INTERRUPT), exits(second, 1, ExitReason.EXTERNAL_INTERRUPT));
        }
    }

    @ParameterizedTest
    @EnumSource(Technique.class)
    void aPriorityThatMovToCr8LowersLetsThroughWhatWaitsAtOnce(Technique technique) {
        List<Long> program = program(
                List.of(STI, GuestOp.instructionWithValue(Instruction.MOV_TO_CR8, 0, 0), 15L),
                wrmsr(ApicMsr.SELF_IPI, 0x41),
                List.of(GuestOp.work(1_000), GuestOp.instructionWithValue(Instruction.MOV_TO_CR8, 0, 0), 0L),
                List.of(GuestOp.work(10)),
                List.of(GuestOp.instruction(Instruction.RDMSR, 0, ApicMsr.IN_SERVICE + 2)));
        Machine machine = run(technique.features, words(program));
        assertEquals(1 << 1, machine.vms().get(0).vcpu(0).registers().rax);
    }

    /** Who executes nothing but CPUID is in root mode nearly always. */
    @Test
    void aKickThatComesInRootModeIsTakenThereAndExitsNotAgain() {
        List<Long> exiting = new ArrayList<>(List.of(STI));
        for (int i = 0; i < 800; i++) {
            exiting.add(GuestOp.instruction(Instruction.CPUID, 0, 0));
        }
        exiting.add(GuestOp.instruction(Instruction.RDMSR, 0, ApicMsr.IN_SERVICE + 2));
        Machine machine = run(TestMachines.FEATURES, sender(InterruptCommand.fixed(VECTOR, 1)), words(exiting));
        assertEquals(IPIS, exits(machine, 0, ExitReason.MSR_WRITE));
        long kicked = exits(machine, 1, ExitReason.EXTERNAL_INTERRUPT);
        assertTrue(kicked < IPIS / 2, "exits " + kicked);
        assertEquals(1L << (VECTOR & 31), machine.vms().get(0).vcpu(1).registers().rax, "it has come through");
    }

    /** One waits for its timer by HLT, the other one wants the core for itself. */
    private static long wokenRunsAt(Policy policy, boolean preempts) {
        Set<Feature> features = EnumSet.copyOf(TestMachines.FEATURES);
        if (!preempts) {
            features.remove(Feature.PREEMPTION_TIMER);
        }
        HardwareSpec plain = TestMachines.hardware(features, 10_000_000);
        HardwareSpec hardware = new HardwareSpec(
                plain.features(), 0, plain.dispatchCycles(), plain.cycles(), new SchedulerSpec(policy, 10_000_000));
        long[] busy = new long[2_000];
        Arrays.fill(busy, GuestOp.work(1_000));
        MachineSpec one = TestMachines.nested(
                features,
                10_000_000,
                TestMachines.vm("sleeper", false, 1, words(haltUntil(300_000))),
                TestMachines.vm("busy", false, 1, busy));
        Machine machine = new Machine(new MachineSpec(one.memoryBytes(), one.core(), Optional.of(hardware), one.vms()));
        long until = 0;
        while (!machine.vms().get(0).vcpu(0).hasEnded()) {
            until += 10_000;
            machine.run(until);
        }
        return until;
    }

    @ParameterizedTest
    @EnumSource(Policy.class)
    void whoWakesRunsAtOnceOrAtTheEndOfTheSliceAsThePolicySays(Policy policy) {
        for (boolean preempts : new boolean[] {true, false}) {
            long at = wokenRunsAt(policy, preempts);
            assertTrue(
                    policy == Policy.PROPORTIONAL_SHARE ? at < 350_000 : at > 2_000_000,
                    policy + ", preemption timer " + preempts + ": at " + at);
        }
    }
}
