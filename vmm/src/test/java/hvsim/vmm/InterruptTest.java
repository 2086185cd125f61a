package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.CoreSpec;
import hvsim.cpu.GuestOp;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.apic.InterruptCommand;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.vmx.ExitReason;
import hvsim.tlb.PageSize;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.cpu.HardwareSpec.Feature;
import hvsim.vmm.schedule.Candidate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Interrupts between and for virtual processors: which exits each feature removes (SDM vol. 3, chapter 29). */
class InterruptTest {
    private static final int IPIS = 20;
    private static final int VECTOR = 0xFC;
    private static final int TICK = 0xEC;
    private static final long STI = GuestOp.instruction(Instruction.STI, 0, 0);
    private static final long CLI = GuestOp.instruction(Instruction.CLI, 0, 0);
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
                "vm",
                64L << 20,
                PageSize.SIZE_4K,
                PageSize.SIZE_4K,
                false,
                new VmSpec.KernelSpec(1, true, false),
                vcpus,
                1);
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
}
