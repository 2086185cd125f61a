package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.GuestOp;
import hvsim.cpu.Vcpu;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.vmx.ExitReason;
import org.junit.jupiter.api.Test;

/** VMCALL as KVM answers it: in RAX, and the guest goes on after it. */
class HypercallTest {
    private static final int INVALID_OPCODE = 6;

    private static Vcpu run(MachineSpec spec) {
        Machine machine = new Machine(spec);
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        return machine.vms().get(0).vcpu(0);
    }

    private static VmSpec callsAt(int cpl) {
        long call = GuestOp.instruction(Instruction.VMCALL, cpl, 0);
        return TestMachines.vm("a", false, 1, call, GuestOp.work(10), call);
    }

    private static Vcpu guest(int cpl) {
        return run(TestMachines.nested(TestMachines.FEATURES, 1_000_000, callsAt(cpl)));
    }

    @Test
    void aCallThatIsNotOfferedIsAnUnknownOne() {
        Vcpu guest = guest(0);
        assertEquals(-1000, guest.registers().rax);
        assertEquals(2, guest.exits().samples(ExitReason.VMCALL));
        assertEquals(0, guest.faults(INVALID_OPCODE));
        assertEquals(2, guest.operations());
    }

    @Test
    void onlyTheKernelMayAsk() {
        assertEquals(-1, guest(3).registers().rax);
    }

    @Test
    void aBareProcessorHasNobodyToAsk() {
        assertEquals(2, run(TestMachines.bare(callsAt(0))).faults(INVALID_OPCODE));
    }
}
