package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.CoreSpec;
import hvsim.cpu.GuestOp;
import hvsim.cpu.Vcpu;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.apic.DeliveryMode;
import hvsim.cpu.apic.InterruptCommand;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.vmx.ExitReason;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.HardwareSpec.Feature;
import hvsim.vmm.kernel.KernelSpec;
import hvsim.vmm.kernel.StuckException;
import hvsim.vmm.schedule.Candidate;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** NMI, INIT and start-up interrupts from one virtual processor to another, and HLT that waits for the other. */
class SignalTest {
    private static final int NMI = 2;
    private static final long CLI = GuestOp.instruction(Instruction.CLI, 0, 0);
    private static final long STI = GuestOp.instruction(Instruction.STI, 0, 0);
    private static final long HLT = GuestOp.instruction(Instruction.HLT, 0, 0);

    /** Where they run. */
    private enum Host {
        BARE,
        SOFTWARE,
        POSTED(Feature.TPR_SHADOW, Feature.VIRTUAL_INTERRUPTS, Feature.APIC_REGISTERS, Feature.POSTED_INTERRUPTS),
        IPI_VIRTUALIZATION(
                Feature.TPR_SHADOW,
                Feature.VIRTUAL_INTERRUPTS,
                Feature.APIC_REGISTERS,
                Feature.POSTED_INTERRUPTS,
                Feature.IPI_VIRTUALIZATION);

        private final Set<Feature> features = EnumSet.copyOf(TestMachines.FEATURES);

        Host(Feature... more) {
            features.addAll(List.of(more));
        }

        /** A core for each program. */
        Machine machine(long[]... programs) {
            List<VmSpec.VcpuSpec> vcpus = new ArrayList<>();
            for (int i = 0; i < programs.length; i++) {
                vcpus.add(
                        new VmSpec.VcpuSpec(new TestMachines.WordStream(programs[i]), new Candidate(List.of(i), 1)));
            }
            VmSpec vm = new VmSpec(
                    "vm", 64L << 20, PageSize.SIZE_4K, PageSize.SIZE_4K, false, KernelSpec.of(1, false), vcpus, 1);
            CoreSpec core = new CoreSpec(TestMachines.TLB, TestMachines.WALK, TestMachines.COSTS);
            return new Machine(new MachineSpec(
                    64L << 30,
                    4,
                    1,
                    programs.length,
                    core,
                    this == BARE ? Optional.empty() : Optional.of(TestMachines.hardware(features, 1_000_000)),
                    List.of(vm)));
        }

        Machine run(long[]... programs) {
            Machine machine = machine(programs);
            assertTrue(machine.run(Long.MAX_VALUE));
            machine.checkSums();
            return machine;
        }
    }

    private static long[] program(Object... parts) {
        List<Long> words = new ArrayList<>();
        for (Object part : parts) {
            if (part instanceof List<?> list) {
                list.forEach(word -> words.add((Long) word));
            } else {
                words.add((Long) part);
            }
        }
        return words.stream().mapToLong(Long::longValue).toArray();
    }

    private static List<Long> send(DeliveryMode mode) {
        return send(InterruptCommand.to(InterruptCommand.Shorthand.ALL_EXCLUDING_SELF, mode, 0));
    }

    private static List<Long> send(InterruptCommand command) {
        return List.of(GuestOp.instructionWithValue(Instruction.WRMSR, 0, ApicMsr.COMMAND), command.encode());
    }

    private static Vcpu vcpu(Machine machine, int number) {
        return machine.vms().get(0).vcpu(number);
    }

    /** In pieces, between which events are taken. */
    private static List<Long> work(int pieces) {
        List<Long> words = new ArrayList<>();
        for (int i = 0; i < pieces; i++) {
            words.add(GuestOp.work(1_000));
        }
        return words;
    }

    @ParameterizedTest
    @EnumSource(Host.class)
    void anNmiComesThroughToAGuestThatTakesNoInterrupts(Host host) {
        Machine machine = host.run(program(work(50), send(DeliveryMode.NMI)), program(CLI, work(150)));
        assertEquals(1, vcpu(machine, 1).faults(NMI));
        assertEquals(0, vcpu(machine, 0).faults(NMI));
    }

    @ParameterizedTest
    @EnumSource(Host.class)
    void anNmiEndsAHalt(Host host) {
        Machine machine = host.run(program(work(300), send(DeliveryMode.NMI)), program(CLI, HLT, work(1)));
        assertEquals(1, vcpu(machine, 1).faults(NMI));
        assertTrue(machine.core(1).clock() > 300_000);
        assertTrue(machine.core(1).clock() < 320_000, "" + machine.core(1).clock());
    }

    /** The second one comes while the handler of the first may still be there. */
    private static Vcpu hitTwice(int apartCycles) {
        long[] second = program(work(50), GuestOp.work(apartCycles), send(toFirst()), work(50));
        return vcpu(Host.SOFTWARE.run(program(work(150)), second, program(work(50), send(toFirst()), work(50))), 0);
    }

    private static InterruptCommand toFirst() {
        return InterruptCommand.decode((long) DeliveryMode.NMI.number() << 8 | 1 << 14);
    }

    @Test
    void anNmiInTheHandlerOfAnotherWaitsForTheWindow() {
        long windows = 0;
        for (int apart = 1; apart < 8_000; apart += 250) {
            Vcpu target = hitTwice(apart);
            windows += target.exits().samples(ExitReason.NMI_WINDOW);
assertEquals(2, target.faults(NMI), apart + " cycles apart, where an exit may come right after the handler");
        }
        assertTrue(windows > 0);
    }

    @ParameterizedTest
    @EnumSource(Host.class)
    void initStopsAProcessorUntilItIsStarted(Host host) {
        Machine machine = host.run(
                program(work(50), send(DeliveryMode.INIT), work(500), send(DeliveryMode.START_UP)),
                program(work(100)));
        long rest = machine.core(1).clock() - 550_000;
        assertTrue(rest > 45_000 && rest < 75_000, "the other half of its work, and no more: " + rest);
    }

    @ParameterizedTest
    @EnumSource(Host.class)
    void whoIsStoppedTakesNothingButAStartUp(Host host) {
        Machine machine = host.run(
                program(
                        work(50),
                        send(DeliveryMode.INIT),
                        work(50),
                        send(DeliveryMode.NMI),
                        send(InterruptCommand.fixed(0x52, 1)),
                        work(400),
                        send(DeliveryMode.START_UP)),
                program(work(100)));
        assertTrue(machine.core(1).clock() > 500_000, "" + machine.core(1).clock());
        assertTrue(vcpu(machine, 1).hasEnded());
    }

    @ParameterizedTest
    @EnumSource(Host.class)
    void aStartUpIsLostOnWhoRuns(Host host) {
        Machine machine = host.run(program(work(50), send(DeliveryMode.START_UP)), program(work(100)));
        assertTrue(machine.core(1).clock() < 130_000, "" + machine.core(1).clock());
    }

    @ParameterizedTest
    @EnumSource(Host.class)
    void whoIsNeverStartedAgainIsNamed(Host host) {
        Machine machine = host.machine(program(work(50), send(DeliveryMode.INIT)), program(work(100)));
        StuckException e = assertThrows(StuckException.class, () -> machine.run(Long.MAX_VALUE));
        assertEquals(
                "vm/1 wait by HLT or for a start-up interrupt, and neither a timer nor an interrupt is on its way that"
                        + " could wake one",
                e.getMessage());
    }

    @ParameterizedTest
    @EnumSource(Host.class)
    void haltWaitsForAnInterruptOfASibling(Host host) {
        Machine machine =
                host.run(program(work(300), send(InterruptCommand.fixed(0x52, 1)), work(100)), program(STI, HLT, work(1)));
        assertTrue(machine.core(1).clock() > 300_000, "" + machine.core(1).clock());
        assertTrue(machine.core(1).clock() < 320_000, "" + machine.core(1).clock());
    }

    @ParameterizedTest
    @EnumSource(Host.class)
    void haltIsOverWhenNobodyIsLeftWhoCouldEndIt(Host host) {
        Machine machine = host.run(program(work(300)), program(STI, HLT, work(1), HLT, work(1)));
        assertTrue(machine.core(1).clock() > 300_000, "" + machine.core(1).clock());
        assertTrue(machine.core(1).clock() < 320_000, "" + machine.core(1).clock());
    }

    @ParameterizedTest
    @EnumSource(Host.class)
    void allHaltedIsAnErrorThatNamesThem(Host host) {
        Machine machine = host.machine(program(STI, HLT, work(1)), program(STI, HLT, work(1)));
        StuckException e = assertThrows(StuckException.class, () -> machine.run(Long.MAX_VALUE));
        assertTrue(e.getMessage().startsWith("vm/0, vm/1 wait"), e.getMessage());
    }

    @ParameterizedTest
    @EnumSource(Host.class)
    void aSingleProcessorWithoutTimerHasNothingToWaitFor(Host host) {
        assertTrue(host.run(program(STI, HLT, work(1))).core(0).clock() < 20_000);
    }

    @ParameterizedTest
    @EnumSource(Host.class)
    void aSystemManagementInterruptIsAnErrorAndNotSilence(Host host) {
        Machine machine = host.machine(program(work(5), send(DeliveryMode.SMI)), program(work(100)));
        assertThrows(IllegalStateException.class, () -> machine.run(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @EnumSource(Host.class)
    void goesOnFromASnapshotAsIfNothingHadBeen(Host host) throws IOException {
        long[][] programs = {
            program(
                    work(50),
                    send(DeliveryMode.INIT),
                    work(100),
                    send(DeliveryMode.START_UP),
                    work(100),
                    send(DeliveryMode.NMI)),
            program(work(100), HLT, work(10))
        };
        Machine whole = host.run(programs);
        for (long cut = 1_000; cut < 300_000; cut += 9_991) {
            Machine first = host.machine(programs);
            Machine second = host.machine(programs);
            first.run(cut);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            first.transfer(Snapshot.savingTo(new DataOutputStream(bytes)));
            second.transfer(Snapshot.loadingFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))));
            second.run(Long.MAX_VALUE);
            assertEquals(whole.core(1).clock(), second.core(1).clock(), "cut at " + cut);
            assertEquals(vcpu(whole, 1).faults(NMI), vcpu(second, 1).faults(NMI));
        }
    }
}
