package hvsim.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Entries that do not succeed: what the hypervisor, the guest and the VMCS then have (SDM vol. 3, 26.7). */
class VmEntryTest {
    private static final long CPUID = GuestOp.instruction(Instruction.CPUID, 0, 0);
    private static final long NMI = 1L << 31 | 2 << 8 | 2;
    private static final long MSR_LIST = 0x500_0000;

    /** A guest that entered and exited once, and whose VMCS was changed then. */
    private static SmallGuest exitedGuest(Consumer<Vmcs> change) {
        SmallGuest guest = new SmallGuest(CPUID, CPUID);
        assertEquals(RunOutcome.VM_EXIT, guest.run());
        change.accept(guest.vcpu.vmcs());
        return guest;
    }

    private static void failsToEnter(SmallGuest guest, long reason, long qualification) {
        assertEquals(RunOutcome.VM_EXIT, guest.run());
        assertEquals(1L << 31 | reason, guest.field(VmcsField.EXIT_REASON));
        assertEquals(qualification, guest.field(VmcsField.EXIT_QUALIFICATION));
        assertTrue(guest.core.mode().isRoot());
        assertTrue(guest.core.transitions().entriesAndExitsAgree());
    }

    @Test
    void whatVmresumeItselfFailsWithIsADefectOfTheHypervisor() {
        SmallGuest guest = exitedGuest(v -> v.write(VmcsField.VPID, 0));
        IllegalStateException e = assertThrows(IllegalStateException.class, guest::run);
        assertEquals(
                "guest: VMRESUME fails with error 7, for this is not so: the VPID is not 0 if VPIDs are enabled"
                        + " (SDM vol. 3, 26.2.1.1)",
                e.getMessage());
    }

    /** SDM vol. 3, 26.8 and 27.5.3: host state is loaded as by a VM exit. */
    @Test
    void aFailedEntryLoadsTheHostsRegistersAsAnExitDoes() {
        SmallGuest guest = exitedGuest(v -> v.write(VmcsField.GUEST_RFLAGS, 0));
        guest.core.transitions().hostRegisters().rflags = 0x246;
        failsToEnter(guest, 33, 0);
        assertEquals(2, guest.core.transitions().hostRegisters().rflags);
    }

    @Test
    void aFailedEntryLeavesGuestStateAndTheEventToInject() {
        SmallGuest guest = exitedGuest(v -> {
            v.write(VmcsField.GUEST_RFLAGS, 0);
            v.write(VmcsField.ENTRY_INTERRUPTION_INFO, NMI);
        });
        long rsp = 0x1234;
        guest.vcpu.registers().rsp = rsp;
        failsToEnter(guest, 33, 0);
        assertEquals(0, guest.field(VmcsField.GUEST_RFLAGS));
        assertEquals(0, guest.field(VmcsField.GUEST_RSP), "nothing is saved");
        assertEquals(rsp, guest.vcpu.registers().rsp, "nothing is loaded");
        assertEquals(NMI, guest.field(VmcsField.ENTRY_INTERRUPTION_INFO));
    }

    @Test
    void anEntrySucceedsOnceTheStateIsMended() {
        SmallGuest guest = exitedGuest(v -> v.write(VmcsField.GUEST_RFLAGS, 0));
        failsToEnter(guest, 33, 0);
        failsToEnter(guest, 33, 0);
        guest.vcpu.vmcs().write(VmcsField.GUEST_RFLAGS, 2);
        assertEquals(RunOutcome.VM_EXIT, guest.run());
        assertEquals(10, guest.field(VmcsField.EXIT_REASON));
        assertTrue(guest.core.transitions().entriesAndExitsAgree());
    }

    @Test
    void qualificationsOf33TellPdptesTheNmiAndTheLinkPointer() {
        failsToEnter(
                exitedGuest(v -> {
                    v.set(VmxControl.IA32E_MODE_GUEST, false);
                    v.write(VmcsField.GUEST_CS_ACCESS_RIGHTS, 0xC09B);
                    v.write(VmcsField.GUEST_PDPTE3, 3);
                }),
                33,
                2);
        failsToEnter(
                exitedGuest(v -> {
                    v.write(VmcsField.GUEST_RFLAGS, 0x202);
                    v.write(VmcsField.GUEST_INTERRUPTIBILITY_STATE, 1);
                    v.write(VmcsField.ENTRY_INTERRUPTION_INFO, NMI);
                }),
                33,
                3);
        failsToEnter(exitedGuest(v -> v.write(VmcsField.VMCS_LINK_POINTER, 1)), 33, 4);
    }

    @Test
    void theIndexOfAnMsrThatCannotBeLoadedIsTheQualificationOf34() {
        SmallGuest guest = exitedGuest(v -> {
            v.write(VmcsField.ENTRY_MSR_LOAD_ADDRESS, MSR_LIST);
            v.write(VmcsField.ENTRY_MSR_LOAD_COUNT, 2);
        });
        guest.memory.write(MSR_LIST, 0x174);
        guest.memory.write(MSR_LIST + 16, 0xC000_0100L);
        failsToEnter(guest, 34, 2);
    }

    @Test
    void aListThatIsTooLongIsAMachineCheck() {
        failsToEnter(exitedGuest(v -> v.write(VmcsField.ENTRY_MSR_LOAD_COUNT, 513)), 41, 0);
    }
}
