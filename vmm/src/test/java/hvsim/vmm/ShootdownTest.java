package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.CoreSpec;
import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.vmx.ExitReason;
import hvsim.tlb.PageSize;
import hvsim.vmm.kernel.KernelSpec;
import hvsim.vmm.kernel.StuckException;
import hvsim.vmm.schedule.Candidate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An unmapped page goes from the TLBs of all virtual processors that run the process, by an IPI to each. */
class ShootdownTest {
    private static final int UNMAPS = 15;
    private static final long PAGE = 0x1000_0000L;

    /** Touches a page and unmaps it. */
    private static long[] unmapper() {
        long[] words = new long[3 * UNMAPS];
        for (int i = 0; i < UNMAPS; i++) {
            words[3 * i] = GuestOp.memory(GuestOp.WRITE, PAGE, 8);
            words[3 * i + 1] = GuestOp.event(KernelEvent.UNMAP, PAGE >>> 12);
            words[3 * i + 2] = GuestOp.work(20_000);
        }
        return words;
    }

    private static long[] reader(int operations) {
        long[] words = new long[operations];
        Arrays.setAll(words, i -> i % 2 == 0 ? GuestOp.memory(GuestOp.READ, PAGE, 8) : GuestOp.work(500));
        return words;
    }

    /** Runs another process, and comes back at the end. */
    private static long[] elsewhere(int operations) {
        long[] words = reader(operations);
        words[0] = GuestOp.event(KernelEvent.PROCESS_SWITCH, 1);
        words[operations - 2] = GuestOp.event(KernelEvent.PROCESS_SWITCH, 0);
        return words;
    }

    private static VmSpec.VcpuSpec vcpu(long[] program, int core) {
        return new VmSpec.VcpuSpec(new TestMachines.WordStream(program), new Candidate(List.of(core), 1));
    }

    private static Machine run(boolean bare, long[] other) {
        return run(bare, unmapper(), other);
    }

    private static Machine run(boolean bare, long[] first, long[] other) {
        VmSpec vm = new VmSpec(
                "vm",
                64L << 20,
                PageSize.SIZE_4K,
                PageSize.SIZE_4K,
                false,
                KernelSpec.of(2, true),
                List.of(vcpu(first, 0), vcpu(other, 1)),
                1);
        CoreSpec core = new CoreSpec(TestMachines.TLB, TestMachines.WALK, TestMachines.COSTS);
        Machine machine = new Machine(new MachineSpec(
                64L << 30,
                4,
                1,
                2,
                core,
                bare ? Optional.empty() : Optional.of(TestMachines.hardware(TestMachines.FEATURES, 1_000_000)),
                List.of(vm)));
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        return machine;
    }

    private static long exits(Machine machine, int vcpu, ExitReason reason) {
        return machine.vms().get(0).vcpu(vcpu).exits().samples(reason);
    }

    @Test
    void eachUnmapInterruptsWhoRunsTheProcess() {
        Machine machine = run(false, reader(20_000));
        assertEquals(UNMAPS, exits(machine, 0, ExitReason.MSR_WRITE), "ICR");
        assertEquals(UNMAPS, exits(machine, 1, ExitReason.EXTERNAL_INTERRUPT), "IPIs");
        assertEquals(UNMAPS, exits(machine, 1, ExitReason.MSR_WRITE), "EOI");
    }

    @Test
    void whoRunsAnotherProcessIsLeftAlone() {
        Machine machine = run(false, elsewhere(20_000));
        assertTrue(exits(machine, 0, ExitReason.MSR_WRITE) <= 1, "only before it had switched");
    }

    @Test
    void nobodyWaitsForAProcessorWhoseProgramHasEnded() {
        for (boolean bare : List.of(true, false)) {
            Machine machine = run(bare, reader(201));
            assertEquals(2 * UNMAPS, machine.vms().get(0).vcpu(0).operations());
        }
    }

    @Test
    void anUnmappedPageIsMissedByAll() {
        Machine machine = run(true, reader(20_000));
        long faults = machine.vms().get(0).vcpu(0).faults(14)
                + machine.vms().get(0).vcpu(1).faults(14);
        assertTrue(faults >= UNMAPS, "each touch after an unmap is a fault of one of the two: " + faults);
        assertTrue(machine.vms().get(0).vcpu(1).faults(14) > 1, "the other one's translation went too");
    }

    private static long[] closed(long[] program) {
        long[] words = new long[program.length + 1];
        words[0] = GuestOp.instruction(Instruction.CLI, 0, 0);
        System.arraycopy(program, 0, words, 1, program.length);
        return words;
    }

    /** Touches pages, closes, and unmaps them: no fault opens it again. */
    private static long[] closedUnmapper(long first) {
        long[] words = new long[2 * UNMAPS + 1];
        for (int i = 0; i < UNMAPS; i++) {
            long gva = first + 0x1000L * i;
            words[i] = GuestOp.memory(GuestOp.WRITE, gva, 8);
            words[UNMAPS + 1 + i] = GuestOp.event(KernelEvent.UNMAP, gva >>> 12);
        }
        words[UNMAPS] = GuestOp.instruction(Instruction.CLI, 0, 0);
        return words;
    }

    @Test
    void twoThatWaitForEachOtherWithInterruptsOffAreStuck() {
        StuckException e = assertThrows(
                StuckException.class, () -> run(false, closedUnmapper(PAGE), closedUnmapper(PAGE + (1 << 20))));
        assertTrue(e.getMessage().contains("has its interrupts off and waits itself"), e.getMessage());
    }

    @Test
    void whoOnlyHasInterruptsOffIsWaitedForToItsEnd() {
        Machine machine = run(false, unmapper(), closed(reader(20_000)));
        assertTrue(exits(machine, 0, ExitReason.MSR_WRITE) <= 2, "then it is off");
    }
}
