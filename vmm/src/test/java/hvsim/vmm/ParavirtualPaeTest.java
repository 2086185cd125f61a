package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.CyclePart;
import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.Vcpu;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.vmm.cpu.DeprivilegedSpec;
import hvsim.vmm.cpu.ParavirtualSpec;
import hvsim.vmm.kernel.GuestMode;
import hvsim.vmm.kernel.Hypercall;
import hvsim.vmm.schedule.Policy;
import hvsim.vmm.schedule.SchedulerSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Changed kernels of 32 bits, at CPL 1 and with PAE paging, beside the same guests on a bare machine. */
class ParavirtualPaeTest {
    private static final long FIRST_PAGE = 1L << 28;

    private static VmSpec vm(boolean demandPaging, long... words) {
        return TestMachines.vm(GuestMode.PAE, demandPaging, words);
    }

    private static MachineSpec paravirtual(VmSpec vm) {
        ParavirtualSpec hypervisor = new ParavirtualSpec(
                DeprivilegedSpec.Kernel.RING_ONE,
                150,
                Map.of(),
                new SchedulerSpec(Policy.ROUND_ROBIN, 1_000_000_000),
                32);
        return new MachineSpec(64L << 30, TrapAndEmulateTest.core(false), Optional.of(hypervisor), List.of(vm));
    }

    private static Vcpu run(MachineSpec spec) {
        Machine machine = new Machine(spec);
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        assertEquals("", machine.vms().get(0).audit());
        return machine.vms().get(0).vcpu(0);
    }

    private static Vcpu faithful(boolean demandPaging, long... words) {
        Vcpu bare = run(TestMachines.bare(vm(demandPaging, words)));
        Vcpu paravirtual = run(paravirtual(vm(demandPaging, words)));
        assertEquals(bare.observations().digest(), paravirtual.observations().digest());
        assertEquals(bare.operations(), paravirtual.operations());
        return paravirtual;
    }

    private static long[] times(int count, long word) {
        long[] words = new long[count];
        Arrays.fill(words, word);
        return words;
    }

    private static long passages(Vcpu vcpu) {
        return Arrays.stream(TrapReason.values())
                .mapToLong(reason -> vcpu.exits().samples(reason))
                .sum();
    }

    /** Barham et al. (2003), table 5: calibration rows F163 and F165. */
    @Test
    void aPageFaultEntersTheHypervisorTwiceAndAProtectionFaultOnce() {
        long[] missing = new long[50];
        Arrays.setAll(missing, page -> GuestOp.memory(GuestOp.WRITE, FIRST_PAGE + 4096L * page, 8));
        Vcpu resolved = faithful(true, missing);
        assertEquals(50, resolved.exits().samples(TrapReason.TRAP_PF));
        assertEquals(50, resolved.exits().samples(TrapReason.HYPERCALL));
        assertEquals(100, passages(resolved));
        long[] forbidden = times(51, GuestOp.memory(GuestOp.READ, GuestMode.PAE.kernelAddress(), 8));
        forbidden[0] = GuestOp.event(KernelEvent.SYSCALL, 0); // the kernel is there when it first runs
        Vcpu refused = faithful(true, forbidden);
        assertEquals(50, refused.faults(14));
        assertEquals(50, passages(refused));
    }

    @Test
    void aSystemCallLeadsStraightToTheKernelAndTakesWhatItTakesNatively() {
        long[] words = times(100, GuestOp.event(KernelEvent.SYSCALL, 0));
        Vcpu bare = run(TestMachines.bare(vm(false, words)));
        Vcpu paravirtual = faithful(false, words);
        assertEquals(100, paravirtual.faults(0x80));
        assertEquals(0, passages(paravirtual));
        assertEquals(bare.cycles(CyclePart.GUEST_WORK), paravirtual.cycles(CyclePart.GUEST_WORK));
    }

    @Test
    void otherSoftwareInterruptsAreTheHypervisors() {
        long breakpoint = GuestOp.instruction(Instruction.INT3, 3, 0);
        assertEquals(3, faithful(false, times(3, breakpoint)).exits().samples(TrapReason.TRAP_BP));
    }

    @Test
    void aProcessSwitchIsOneHypercall() {
        Vcpu vcpu = faithful(
                false,
                GuestOp.event(KernelEvent.PROCESS_SWITCH, 1),
                GuestOp.event(KernelEvent.PROCESS_SWITCH, 0),
                GuestOp.event(KernelEvent.PROCESS_SWITCH, 1));
        assertEquals(3, vcpu.exits().samples(TrapReason.HYPERCALL), "CLI and STI are in memory");
        assertEquals(3, passages(vcpu));
    }

    @Test
    void noReturnIsACall() {
        Vcpu vcpu = faithful(
                true,
                GuestOp.memory(GuestOp.WRITE, FIRST_PAGE, 8),
                GuestOp.event(KernelEvent.FORK, 0),
                GuestOp.event(KernelEvent.EXIT, 0),
                GuestOp.instructionWithValue(Instruction.IRET, 0, 0),
                2);
        assertEquals(0, ParavirtualTest.calls(vcpu, Hypercall.IRET));
    }
}
