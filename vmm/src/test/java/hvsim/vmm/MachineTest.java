package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.CoreSpec;
import hvsim.cpu.CyclePart;
import hvsim.cpu.GuestOp;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.vmx.ExitReason;
import hvsim.ept.WalkSpec;
import hvsim.tlb.PageSize;
import hvsim.tlb.Tlb;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MachineTest {
    private static final long SLICE = 100_000;

    @Test
    void twoVmsTakeTurnsAndBothFinish() {
        long[] program = TestMachines.wander(200_000, 3000, 7);
        Machine machine = new Machine(TestMachines.nested(
                TestMachines.FEATURES,
                SLICE,
                TestMachines.vm("a", false, 1, program),
                TestMachines.vm("b", false, 1, program)));
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        for (Vm vm : machine.vms()) {
            assertEquals(200_000, vm.vcpu(0).operations());
            assertEquals(3000, vm.vcpu(0).exits().samples(ExitReason.EPT_VIOLATION));
            assertTrue(vm.vcpu(0).exits().samples(ExitReason.PREEMPTION_TIMER) > 3);
            assertEquals("", vm.audit());
        }
    }

    @Test
    void aBareMachineRunsTheSameProgramWithoutExits() {
        Machine machine =
                new Machine(TestMachines.bare(TestMachines.vm("a", false, 1, TestMachines.wander(50_000, 500, 3))));
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        Vm vm = machine.vms().get(0);
        assertEquals(50_000, vm.vcpu(0).operations());
        assertEquals(0, vm.vcpu(0).cycles(CyclePart.TRANSITIONS));
        assertEquals(50_000, vm.vcpu(0).cycles(CyclePart.GUEST_WORK));
        assertEquals(
                50_000, vm.vcpu(0).lookups(false, Tlb.FETCH_SIDE) + vm.vcpu(0).lookups(false, Tlb.DATA_SIDE));
        assertEquals(500, vm.vcpus().get(0).counts().walks().translated());
    }

    @Test
    void withFiveLevelsKernelsAndHypervisorRunTheSameProgram() {
        MachineSpec four = TestMachines.nested(
                TestMachines.FEATURES,
                SLICE,
                TestMachines.vm("a", true, 2, TestMachines.wander(20_000, 300, 3)),
                TestMachines.vm("b", true, 1, TestMachines.wander(20_000, 200, 4)));
        CoreSpec uncached =
                new CoreSpec(four.core().tlb(), WalkSpec.UNCACHED, four.core().costs());
        Machine machine =
                new Machine(new MachineSpec(four.memoryBytes(), 5, 1, 1, uncached, four.hypervisor(), four.vms()));
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        assertEquals(300, machine.vms().get(0).vcpu(0).faults(14));
        for (Vm vm : machine.vms()) {
            assertEquals("", vm.audit());
            assertTrue(vm.vcpus().get(0).counts().walks().guestReferences()
                    >= 5 * vm.vcpus().get(0).counts().walks().translated());
            assertTrue(vm.vcpus().get(0).counts().walks().secondStageReferences()
                    >= 29 * vm.vcpus().get(0).counts().walks().translated());
        }
    }

    @Test
    void withFiveLevelsABareMachineReadsFiveEntriesAWalk() {
        MachineSpec four = TestMachines.bare(TestMachines.vm("a", false, 1, TestMachines.wander(20_000, 300, 3)));
        CoreSpec uncached =
                new CoreSpec(four.core().tlb(), WalkSpec.UNCACHED, four.core().costs());
        Machine machine =
                new Machine(new MachineSpec(four.memoryBytes(), 5, 1, 1, uncached, four.hypervisor(), four.vms()));
        assertTrue(machine.run(Long.MAX_VALUE));
        assertEquals(300, machine.vms().get(0).vcpus().get(0).counts().walks().translated());
        assertEquals(1500, machine.vms().get(0).vcpus().get(0).counts().walks().guestReferences());
    }

    @Test
    void demandPagingFaultsOncePerPage() {
        Machine machine = new Machine(TestMachines.nested(
                TestMachines.FEATURES, SLICE, TestMachines.vm("a", true, 1, TestMachines.wander(20_000, 300, 3))));
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        assertEquals(300, machine.vms().get(0).vcpu(0).faults(14));
    }

    @Test
    void everyCpuidExitsAndIsAnsweredAsNatively() {
        long[] program = LongStream.range(0, 1000)
                .map(i -> GuestOp.instruction(Instruction.CPUID, 0, 0))
                .toArray();
        Machine machine =
                new Machine(TestMachines.nested(TestMachines.FEATURES, SLICE, TestMachines.vm("a", false, 1, program)));
        Machine bare = new Machine(TestMachines.bare(TestMachines.vm("a", false, 1, program)));
        machine.run(Long.MAX_VALUE);
        bare.run(Long.MAX_VALUE);
        machine.checkSums();
        assertEquals(1000, machine.vms().get(0).vcpu(0).exits().samples(ExitReason.CPUID));
        assertEquals(
                bare.vms().get(0).vcpu(0).observations().digest(),
                machine.vms().get(0).vcpu(0).observations().digest());
    }

    @Test
    void eachVmsOperationsTakeItsOwnCycles() {
        VmSpec quick = TestMachines.vm("a", false, 1, TestMachines.wander(10_000, 50, 3));
        VmSpec slow = new VmSpec(
                "b",
                quick.memoryBytes(),
                PageSize.SIZE_4K,
                quick.hostPage(),
                quick.premapped(),
                quick.kernel(),
                List.of(new VmSpec.VcpuSpec(
                        new TestMachines.WordStream(TestMachines.wander(10_000, 50, 3)), TestMachines.ANYWHERE)),
                10);
        Machine machine = new Machine(TestMachines.nested(TestMachines.FEATURES, SLICE, quick, slow));
        machine.run(Long.MAX_VALUE);
        machine.checkSums();
        assertEquals(10_000, machine.vms().get(0).vcpu(0).cycles(CyclePart.GUEST_WORK));
        assertEquals(100_000, machine.vms().get(1).vcpu(0).cycles(CyclePart.GUEST_WORK));
    }
}
