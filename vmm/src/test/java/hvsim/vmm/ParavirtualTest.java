package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.DirectEvent;
import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.Vcpu;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.apic.InterruptCommand;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.tlb.PageSize;
import hvsim.vmm.cpu.DeprivilegedSpec;
import hvsim.vmm.cpu.ParavirtualSpec;
import hvsim.vmm.kernel.Hypercall;
import hvsim.vmm.schedule.Candidate;
import hvsim.vmm.schedule.Policy;
import hvsim.vmm.schedule.SchedulerSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Guests whose kernels were changed for their hypervisor, beside the same guests on a bare machine. */
class ParavirtualTest {
    static ParavirtualSpec hypervisor(int batch, long sliceCycles) {
        return new ParavirtualSpec(
                DeprivilegedSpec.Kernel.WITH_USER,
                150,
                Map.of(),
                new SchedulerSpec(Policy.ROUND_ROBIN, sliceCycles),
                batch);
    }

    static MachineSpec paravirtual(int batch, VmSpec... vms) {
        return new MachineSpec(
                64L << 30, TrapAndEmulateTest.core(false), Optional.of(hypervisor(batch, 100_000)), List.of(vms));
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
        return faithful(demandPaging, 32, words);
    }

    private static Vcpu faithful(boolean demandPaging, int batch, long... words) {
        Vcpu bare = run(TestMachines.bare(vm(demandPaging, words)));
        Vcpu paravirtual = run(paravirtual(batch, vm(demandPaging, words)));
        assertEquals(bare.observations().digest(), paravirtual.observations().digest());
        assertEquals(bare.operations(), paravirtual.operations());
        return paravirtual;
    }

    private static long at(Instruction instruction, int cpl) {
        return GuestOp.instruction(instruction, cpl, 0);
    }

    private static long[] with(long[] words, long... more) {
        return LongStream.concat(Arrays.stream(words), Arrays.stream(more)).toArray();
    }

    static long calls(Vcpu vcpu, Hypercall call) {
        return vcpu.exits().details(TrapReason.HYPERCALL).getOrDefault(call.number() + 1L << 8, 0L);
    }

    private static long direct(Vcpu vcpu, DirectEvent event) {
        return vcpu.total().direct(event);
    }

    @Test
    void referencesNeedNobody() {
        Vcpu vcpu = faithful(false, TestMachines.wander(5_000, 50, 1));
        assertEquals(0, vcpu.exits().samples(TrapReason.TRAP_PF));
        assertEquals(0, vcpu.exits().samples(TrapReason.HYPERCALL));
    }

    @Test
    void aPageFaultEntersTheHypervisorTwiceAndReturnsByACall() {
        Vcpu vcpu = faithful(true, TestMachines.wander(5_000, 50, 1));
        assertEquals(50, vcpu.faults(14));
        assertEquals(50, vcpu.exits().samples(TrapReason.TRAP_PF));
        assertEquals(50, calls(vcpu, Hypercall.MMU_UPDATE) + calls(vcpu, Hypercall.MULTICALL));
        assertEquals(50, calls(vcpu, Hypercall.IRET));
        long tables = direct(vcpu, DirectEvent.VALIDATED);
        assertEquals(50 + 2 * tables, direct(vcpu, DirectEvent.UPDATED));
        assertEquals(100, vcpu.exits().samples(TrapReason.HYPERCALL));
    }

    @Test
    void aForgedUpdateIsAskedForInVainAndLeavesThePageMissing() {
        int attempts = 3;
        long[] words = new long[attempts];
        Arrays.fill(words, GuestOp.event(KernelEvent.BEYOND_MEMORY, 0));
        Vcpu vcpu = run(paravirtual(1, vm(false, words)));
        assertEquals(attempts, calls(vcpu, Hypercall.MMU_UPDATE));
        assertEquals(attempts, calls(vcpu, Hypercall.MMUEXT_OP));
        assertEquals(attempts, vcpu.faults(14));
        assertEquals(attempts, direct(vcpu, DirectEvent.REFUSED));
        assertEquals(0, direct(vcpu, DirectEvent.UPDATED), "a new table is linked in, and seen read-only");
    }

    @Test
    void whatTheKernelKnowsItselfNeedsNoPassage() {
        Vcpu vcpu = faithful(
                false,
                at(Instruction.MOV_FROM_CR0, 0),
                at(Instruction.MOV_FROM_CR3, 0),
                at(Instruction.CLI, 0),
                at(Instruction.PUSHFQ, 0),
                at(Instruction.STI, 0),
                at(Instruction.RDTSC, 0),
                at(Instruction.SWAPGS, 0),
                at(Instruction.SMSW, 0),
                at(Instruction.SGDT, 0),
                at(Instruction.PUSH_SREG, 0),
                at(Instruction.CPUID, 0));
        assertEquals(0, vcpu.exits().samples(TrapReason.TRAP_GP));
        assertEquals(0, vcpu.exits().samples(TrapReason.HYPERCALL));
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
        assertTrue(calls(vcpu, Hypercall.MULTICALL) >= 1);
    }

    /** An event that came in between would be waited for in vain: STI and HLT are one call, which lets it in and waits. */
    @Test
    void anEventThatWaitsAtStiEndsTheHltAfterIt() {
        long[] sender = with(
                new long[] {GuestOp.work(20_000)},
                GuestOp.instructionWithValue(Instruction.WRMSR, 0, ApicMsr.COMMAND),
                InterruptCommand.fixed(0xE1, 1).encode(),
                GuestOp.work(10_000_000));
        long[] receiver = {
            GuestOp.instructionWithValue(Instruction.WRMSR, 0, ApicMsr.SPURIOUS_INTERRUPT),
            0x1FF,
            at(Instruction.CLI, 0),
            GuestOp.work(40_000),
            GuestOp.work(40_000),
            at(Instruction.STI, 0),
            at(Instruction.HLT, 0)
        };
        Machine machine = new Machine(onTwoCores(sender, receiver));
        machine.run(1_000_000);
        assertTrue(machine.vms().get(0).vcpu(1).hasEnded());
    }

    private static MachineSpec onTwoCores(long[]... programs) {
        VmSpec one = vm(false);
        List<VmSpec.VcpuSpec> vcpus = new ArrayList<>();
        for (long[] words : programs) {
            vcpus.add(new VmSpec.VcpuSpec(new TestMachines.WordStream(words), new Candidate(List.of(vcpus.size()), 1)));
        }
        VmSpec vm =
                new VmSpec("vm", one.memoryBytes(), PageSize.SIZE_4K, PageSize.SIZE_4K, false, one.kernel(), vcpus, 1);
        return new MachineSpec(
                64L << 30,
                4,
                1,
                2,
                TrapAndEmulateTest.core(false),
                Optional.of(hypervisor(32, 1_000_000)),
                List.of(vm));
    }

    @Test
    void aFaultOfWhatComesInPlaceOfAnInstructionIsTheKernelsOwn() {
        Vcpu vcpu = faithful(
                false,
                GuestOp.instructionWithValue(Instruction.LAR, 0, 0),
                0,
                GuestOp.instructionWithValue(Instruction.MOV_TO_CR0, 0, 0),
                1L << 40);
        assertEquals(1, vcpu.faults(13));
    }
}
