package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.CoreSpec;
import hvsim.cpu.CyclePart;
import hvsim.cpu.ExitCounts;
import hvsim.cpu.GuestOp;
import hvsim.cpu.Tally;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Passage;
import hvsim.cpu.vmx.ExitReason;
import hvsim.vmm.cpu.DeprivilegedSpec;
import hvsim.vmm.cpu.HypervisorSpec;
import hvsim.vmm.host.HostSpec;
import hvsim.vmm.host.HostSpec.Place;
import hvsim.vmm.kernel.GuestMode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same guests, wherever their hypervisor runs: they see the same, and what others do for them is counted apart. */
class HostTest {
    private static final int ANSWER = 5_000;
    private static final int SWITCH = 3_000;
    private static final int PORTS = 40;
    private static final long SLICE = 20_000;
    private static final HostSpec PROCESS = new HostSpec(Place.USER_SPACE, true, ANSWER, 0, 0);
    private static final HostSpec WORLD = new HostSpec(Place.WORLD_SWITCH, true, ANSWER, SWITCH, 0);
    private static final HostSpec SERVICE = new HostSpec(Place.BARE_METAL, true, ANSWER, 0, 0);

    /** All ways to run a guest, and what an access to a port is under each. */
    enum Cpu {
        HARDWARE(TestMachines.hardware(TestMachines.FEATURES, SLICE), ExitReason.IO_INSTRUCTION),
        TRAPS(TrapAndEmulateTest.hypervisor(DeprivilegedSpec.Kernel.WITH_USER, SLICE), TrapReason.TRAP_GP),
        TRANSLATION(
                BinaryTranslationTest.hypervisor(BinaryTranslationTest.spec(1 << 20, true, true), SLICE),
                TrapReason.CALLOUT),
        CHANGED(ParavirtualTest.hypervisor(32, SLICE), TrapReason.TRAP_GP);

        private final HypervisorSpec spec;
        private final Passage port;

        Cpu(HypervisorSpec spec, Passage port) {
            this.spec = spec;
            this.port = port;
        }

        long portCycles(Tally tally) {
            return tally.exits().cycles(port);
        }
    }

    /** References, and now and then a port. */
    private static VmSpec vm(String name, long seed) {
        long[] wander = TestMachines.wander(100 * PORTS, 60, seed);
        long[] words = new long[wander.length + PORTS];
        int n = 0;
        for (int i = 0; i < wander.length; i++) {
            if (i % 100 == 50 && i < 100 * PORTS) {
                words[n++] = GuestOp.instruction(Instruction.IN, 0, 0x60 + i % 7);
            }
            words[n++] = wander[i];
        }
        return TestMachines.vm(name, false, 1, Arrays.copyOf(words, n));
    }

    private static Machine machine(Cpu cpu, HostSpec host, int cores, VmSpec... vms) {
        Optional<VmSpec> service = host.hasServiceVm()
                ? Optional.of(VmSpec.service(GuestMode.LONG, List.of(), 100, ANSWER))
                : Optional.empty();
        CoreSpec core = new CoreSpec(TestMachines.TLB, TestMachines.WALK, TestMachines.COSTS);
        return new Machine(
                new MachineSpec(64L << 30, 4, 1, cores, core, Optional.of(cpu.spec), host, service, List.of(vms)));
    }

    private static Machine run(Machine machine) {
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        return machine;
    }

    private static Tally tally(Cpu cpu, HostSpec host) {
        return run(machine(cpu, host, 1, vm("vm", 1))).vms().get(0).vcpu(0).total();
    }

    @ParameterizedTest
    @EnumSource(Cpu.class)
    void noGuestSeesWhereItsHypervisorRuns(Cpu cpu) {
        long natively = run(new Machine(TestMachines.bare(vm("vm", 1))))
                .vms()
                .get(0)
                .vcpu(0)
                .observations()
                .digest();
        for (HostSpec host : List.of(HostSpec.BARE_METAL, PROCESS, WORLD, SERVICE)) {
            Machine machine = run(machine(cpu, host, 2, vm("vm", 1), vm("other", 2), vm("third", 3)));
            assertEquals(natively, machine.vms().get(0).vcpu(0).observations().digest(), host.toString());
        }
    }

    @ParameterizedTest
    @EnumSource(Cpu.class)
    void whatTheProcessAnswersTakesItsWorkAndTheWayThere(Cpu cpu) {
        Tally alone = tally(cpu, HostSpec.BARE_METAL);
        Tally process = tally(cpu, PROCESS);
        assertEquals(0, alone.hostPassages());
        assertEquals(0, alone.cycles(CyclePart.HOST));
        assertEquals(PORTS, process.hostPassages());
        assertTrue(process.cycles(CyclePart.HOST) > (long) PORTS * ANSWER);
        assertTrue(cpu.portCycles(process) > cpu.portCycles(alone) + (long) PORTS * ANSWER);
    }

    @ParameterizedTest
    @EnumSource(Cpu.class)
    void aWorldSwitchSwapsTheProcessorOnTheWayThereAndBack(Cpu cpu) {
        Tally process = tally(cpu, PROCESS);
        Tally world = tally(cpu, WORLD);
        long more = world.cycles(CyclePart.HOST) - process.cycles(CyclePart.HOST);
        assertTrue(world.hostPassages() >= PORTS);
        assertTrue(more > 2L * SWITCH * PORTS, "" + more);
    }

    @ParameterizedTest
    @EnumSource(Cpu.class)
    void interruptsAreTheHostsWhereWorldsAreSwitched(Cpu cpu) {
        HostSpec quiet = new HostSpec(Place.WORLD_SWITCH, false, ANSWER, SWITCH, 0);
        Tally tally = tally(cpu, quiet);
        ExitCounts exits = tally.exits();
        long interrupts = exits.samples(ExitReason.PREEMPTION_TIMER)
                + exits.samples(ExitReason.EXTERNAL_INTERRUPT)
                + exits.samples(TrapReason.INTERRUPT);
        assertTrue(interrupts > 0);
        assertEquals(interrupts, tally.hostPassages());
    }

    @ParameterizedTest
    @EnumSource(Cpu.class)
    void applicationsHaveASliceAfterEachThatWaits(Cpu cpu) {
        HostSpec host = new HostSpec(Place.USER_SPACE, false, 0, 0, 3);
        Tally tally = tally(cpu, host);
        ExitCounts exits = tally.exits();
        long slices = exits.samples(ExitReason.PREEMPTION_TIMER) + exits.samples(TrapReason.INTERRUPT);
        assertTrue(slices > 0);
        assertEquals(3 * SLICE * slices, tally.cycles(CyclePart.HOST));
        assertEquals(0, tally.hostPassages());
    }

    @ParameterizedTest
    @EnumSource(Cpu.class)
    void applicationsWaitForAllVirtualProcessors(Cpu cpu) {
        HostSpec host = new HostSpec(Place.USER_SPACE, false, 0, 0, 1);
        Machine one = run(machine(cpu, host, 1, vm("a", 1)));
        Machine two = run(machine(cpu, host, 1, vm("a", 1), vm("b", 1)));
        long alone = one.vms().get(0).vcpu(0).total().cycles(CyclePart.HOST);
        long together = two.vms().stream()
                .mapToLong(vm -> vm.vcpu(0).total().cycles(CyclePart.HOST))
                .sum();
        assertTrue(together <= alone + SLICE, together + " and " + alone);
        assertTrue(one.waitingCycles(one.vms().get(0)) >= alone);
    }

    @ParameterizedTest
    @EnumSource(Cpu.class)
    void theServiceVmAnswersEachOnce(Cpu cpu) {
        for (int cores = 1; cores <= 3; cores++) {
            Machine machine = run(machine(cpu, SERVICE, cores, vm("a", 1), vm("b", 2), vm("c", 3)));
            Tally service = machine.serviceVm().orElseThrow().vcpu(0).total();
            long passages = machine.vms().stream()
                    .mapToLong(vm -> vm.vcpu(0).total().hostPassages())
                    .sum();
            assertEquals(3L * PORTS, passages);
            long work = service.cycles(CyclePart.GUEST_WORK);
            assertTrue(work >= passages * ANSWER && work < passages * (ANSWER + 2_000L), "" + work);
            assertEquals(0, service.hostPassages());
        }
    }

    @Test
    void aGuestIsHeldUntilTheServiceVmHasAnswered() {
        Machine machine = run(machine(Cpu.HARDWARE, SERVICE, 1, vm("a", 1)));
        Tally guest = machine.vms().get(0).vcpu(0).total();
        ExitCounts service = machine.serviceVm().orElseThrow().vcpu(0).total().exits();
        assertEquals(PORTS, guest.exits().samples(ExitReason.IO_INSTRUCTION));
        assertEquals(PORTS + 1, service.samples(ExitReason.VMCALL));
        assertTrue(service.samples(ExitReason.HLT) >= PORTS);
    }

    @Test
    void whatIsNotThereIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new HostSpec(Place.BARE_METAL, false, 0, 0, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> new MachineSpec(
                        64L << 30,
                        4,
                        1,
                        1,
                        new CoreSpec(TestMachines.TLB, TestMachines.WALK, TestMachines.COSTS),
                        Optional.of(Cpu.HARDWARE.spec),
                        SERVICE,
                        Optional.empty(),
                        List.of(vm("a", 1))));
    }
}
