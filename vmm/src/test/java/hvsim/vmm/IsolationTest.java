package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The audit finds what a guest reaches that is not its own, and hostile guests reach nothing. */
class IsolationTest {
    private static VmSpec hostile() {
        return TestMachines.vm(
                "evil",
                false,
                1,
                GuestOp.event(KernelEvent.FOREIGN_FRAME, 0),
                GuestOp.event(KernelEvent.BEYOND_MEMORY, 0),
                GuestOp.event(KernelEvent.FOREIGN_FRAME, 0),
                GuestOp.instruction(Instruction.SIDT, 3, 0),
                GuestOp.instruction(Instruction.SMSW, 0, 0));
    }

    private static Machine run(MachineSpec spec) {
        Machine machine = new Machine(spec);
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        return machine;
    }

    private static List<String> violations(Machine machine) {
        return machine.violations(machine.vms().get(0));
    }

    private static Machine nested() {
        return run(TestMachines.nested(TestMachines.FEATURES, 1_000_000, hostile()));
    }

    @Test
    void aForgedEntryOfAGuestInNonRootModeLeadsToItsOwnMemoryOrNowhere() {
        Machine machine = nested();
        assertEquals(List.of(), violations(machine));
        assertTrue(machine.vms().get(0).vcpu(0).exits().samples(ExitReason.EPT_VIOLATION) > 0);
    }

    @Test
    void whatIsBeyondMemoryIsReadAsOnesOnceForEachAttempt() {
        VmSpec vm = TestMachines.vm(
                "evil",
                false,
                1,
                GuestOp.event(KernelEvent.FOREIGN_FRAME, 0),
                GuestOp.work(1),
                GuestOp.event(KernelEvent.BEYOND_MEMORY, 0));
        VmSpec once = TestMachines.vm("evil", false, 1, GuestOp.event(KernelEvent.FOREIGN_FRAME, 0));
        long exits = exitsOf(vm) - exitsOf(once);
        assertEquals(1, exits);
    }

    private static long exitsOf(VmSpec vm) {
        Machine machine = run(TestMachines.nested(TestMachines.FEATURES, 1_000_000, vm));
        return machine.vms().get(0).vcpu(0).exits().samples(ExitReason.EPT_VIOLATION);
    }

    @Test
    void aDeprivilegedGuestReadsRegistersOfTheHypervisor() {
        assertEquals(
                List.of("sidt, smsw read registers of the hypervisor, 2 times"),
                violations(run(TrapAndEmulateTest.deprivileged(false, hostile()))));
    }

    @Test
    void onAFixedProcessorItReadsNothing() {
        assertEquals(List.of(), violations(run(TrapAndEmulateTest.deprivileged(true, hostile()))));
    }

    @Test
    void aHoleInTheMsrBitmapIsFound() {
        Machine machine = nested();
        long bitmap = machine.vms().get(0).vcpu(0).vmcs().read(VmcsField.MSR_BITMAP);
        machine.memory().write(bitmap + 0x800, ~(1L << 0x10));
        assertEquals(List.of("MSR 0x10 is reached"), violations(machine));
    }

    @Test
    void aHoleInTheBitmapsOfPortsIsFound() {
        Machine machine = nested();
        long bitmap = machine.vms().get(0).vcpu(0).vmcs().read(VmcsField.IO_BITMAP_B);
        machine.memory().write(bitmap, ~1L);
        assertEquals(List.of("port 0x8000 is reached"), violations(machine));
    }

    @Test
    void withoutAnyControlAllPortsAreReached() {
        Machine machine = nested();
        machine.vms().get(0).vcpu(0).vmcs().set(VmxControl.USE_IO_BITMAPS, false);
        assertEquals(List.of("all ports are reached"), violations(machine));
    }
}
