package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.CoreSpec;
import hvsim.cpu.CyclePart;
import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.Vcpu;
import hvsim.cpu.WalkOverlap;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Registers;
import hvsim.vmm.cpu.DeprivilegedSpec;
import hvsim.vmm.memory.shadow.ShadowSpec;
import hvsim.vmm.schedule.Policy;
import hvsim.vmm.schedule.SchedulerSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Guests of a hypervisor that has nothing but traps, beside the same guests on a bare machine. */
class TrapAndEmulateTest {
    static DeprivilegedSpec hypervisor(DeprivilegedSpec.Kernel kernel, long sliceCycles) {
        return new DeprivilegedSpec(
                kernel,
                150,
                Map.of(TrapReason.TRAP_GP, 500),
                new SchedulerSpec(Policy.ROUND_ROBIN, sliceCycles),
                new ShadowSpec(16, true, 4 << 20));
    }

    static CoreSpec core(boolean fixed) {
        return new CoreSpec(
                TestMachines.TLB, TestMachines.WALK, TestMachines.COSTS, Optional.empty(), WalkOverlap.NONE, fixed);
    }

    static MachineSpec deprivileged(boolean fixed, VmSpec... vms) {
        return deprivileged(DeprivilegedSpec.Kernel.WITH_USER, fixed, vms);
    }

    static MachineSpec deprivileged(DeprivilegedSpec.Kernel kernel, boolean fixed, VmSpec... vms) {
        return new MachineSpec(64L << 30, core(fixed), Optional.of(hypervisor(kernel, 100_000)), List.of(vms));
    }

    private static Vcpu run(MachineSpec spec) {
        Machine machine = new Machine(spec);
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        assertEquals("", machine.vms().get(0).audit());
        return machine.vms().get(0).vcpu(0);
    }

    private static VmSpec vm(boolean demandPaging, long... words) {
        return TestMachines.vm("vm", demandPaging, 2, words);
    }

    private static Vcpu faithful(boolean demandPaging, long... words) {
        Vcpu bare = run(TestMachines.bare(vm(demandPaging, words)));
        Vcpu deprivileged = run(deprivileged(false, vm(demandPaging, words)));
        assertEquals(bare.observations().digest(), deprivileged.observations().digest());
        assertEquals(bare.operations(), deprivileged.operations());
        return deprivileged;
    }

    private static long at(Instruction instruction, int cpl) {
        return GuestOp.instruction(instruction, cpl, 0);
    }

    private static long[] with(long[] words, long... more) {
        return LongStream.concat(Arrays.stream(words), Arrays.stream(more)).toArray();
    }

    @Test
    void referencesNeedTrapsOnlyWhereTheShadowIsBehind() {
        Vcpu vcpu = faithful(false, TestMachines.wander(5_000, 50, 1));
        assertTrue(vcpu.exits().samples(TrapReason.TRAP_PF) >= 50);
        assertEquals(0, vcpu.exits().samples(TrapReason.TRAP_GP));
    }

    @Test
    void faultsOfTheGuestReachItsKernel() {
        Vcpu vcpu = faithful(true, TestMachines.wander(5_000, 50, 1));
        assertEquals(50, vcpu.faults(14));
        assertTrue(vcpu.exits().samples(TrapReason.TRAP_GP) >= 50, "each handler returns through the hypervisor");
    }

    @Test
    void privilegedInstructionsOfTheKernelAreDone() {
        faithful(
                false,
                at(Instruction.MOV_FROM_CR0, 0),
                at(Instruction.MOV_FROM_CR3, 0),
                at(Instruction.CLI, 0),
                at(Instruction.STI, 0),
                at(Instruction.RDTSC, 0),
                at(Instruction.SWAPGS, 0),
                at(Instruction.CPUID, 0),
                GuestOp.instructionWithValue(Instruction.WRMSR, 0, 0xC000_0102),
                77,
                GuestOp.instruction(Instruction.RDMSR, 0, 0xC000_0102));
    }

    @Test
    void whatItsUserMayNotDoIsTheGuestsFault() {
        Vcpu vcpu = faithful(false, at(Instruction.HLT, 3), at(Instruction.MOV_FROM_CR0, 3), at(Instruction.UD2, 3));
        assertEquals(2, vcpu.faults(13));
        assertEquals(1, vcpu.faults(6));
    }

    @Test
    void processesAndCallsTakeTheirWayThroughTheHypervisor() {
        long[] words = with(
                TestMachines.wander(500, 20, 1),
                GuestOp.event(KernelEvent.PROCESS_SWITCH, 1),
                GuestOp.event(KernelEvent.SYSCALL, 0));
        words = with(words, TestMachines.wander(500, 20, 2));
        words = with(words, GuestOp.event(KernelEvent.MAP, 0), GuestOp.event(KernelEvent.FORK, 0));
        Vcpu vcpu = faithful(false, with(words, TestMachines.wander(500, 20, 3)));
        assertTrue(vcpu.exits().samples(TrapReason.SYSCALL) >= 2);
    }

    @Test
    void aKernelAtCpl1DoesTheSameWithOneRootForAProcess() {
        long[] words = with(
                TestMachines.wander(500, 20, 1),
                GuestOp.event(KernelEvent.PROCESS_SWITCH, 1),
                GuestOp.event(KernelEvent.SYSCALL, 0),
                at(Instruction.CLI, 0),
                GuestOp.event(KernelEvent.FORK, 0),
                at(Instruction.HLT, 3));
        Vcpu bare = run(TestMachines.bare(vm(true, words)));
        Vcpu user = run(deprivileged(false, vm(true, words)));
        Vcpu ringOne = run(deprivileged(DeprivilegedSpec.Kernel.RING_ONE, false, vm(true, words)));
        assertEquals(bare.observations().digest(), ringOne.observations().digest());
        assertTrue(ringOne.cycles(CyclePart.GUEST_WALK) < user.cycles(CyclePart.GUEST_WALK), "crossings drop nothing");
    }

    @Test
    void aLyingInstructionIsSeenAndAFixedOneIsNot() {
        long[] words = {at(Instruction.SMSW, 0)};
        Vcpu bare = run(TestMachines.bare(vm(false, words)));
        Vcpu lied = run(deprivileged(false, vm(false, words)));
        Vcpu fixed = run(deprivileged(true, vm(false, words)));
        assertNotEquals(bare.observations().digest(), lied.observations().digest());
        assertEquals(bare.observations().digest(), fixed.observations().digest());
        assertEquals(Registers.CR0_TS, lied.observations().at(0).value() & Registers.CR0_TS);
    }

    @Test
    void vmsTakeTurns() {
        long[] words = TestMachines.wander(200_000, 50, 1);
        Vcpu alone = run(TestMachines.bare(TestMachines.vm("a", false, 1, words)));
        Machine machine = new Machine(
                deprivileged(false, TestMachines.vm("a", false, 1, words), TestMachines.vm("b", false, 1, words)));
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        for (Vm vm : machine.vms()) {
            assertEquals(
                    alone.observations().digest(), vm.vcpu(0).observations().digest());
            assertEquals("", vm.audit());
            assertTrue(vm.vcpu(0).exits().samples(TrapReason.INTERRUPT) > 1);
        }
    }
}
