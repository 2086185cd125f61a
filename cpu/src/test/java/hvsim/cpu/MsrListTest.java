package hvsim.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What transitions load and store of MSRs (SDM vol. 3, 26.4, 27.4 and 27.6). */
class MsrListTest {
    private static final long ENTRY_LIST = 0x500_0000;
    private static final long STORE_LIST = 0x500_1000;
    private static final long HOST_LIST = 0x500_2000;
    private static final long CPUID = GuestOp.instruction(Instruction.CPUID, 0, 0);
    private static final int SYSENTER_CS = 0x174;
    private static final int SYSENTER_ESP = 0x175;

    private static SmallGuest guest() {
        SmallGuest guest = new SmallGuest(CPUID, CPUID);
        Vmcs v = guest.vcpu.vmcs();
        v.write(VmcsField.ENTRY_MSR_LOAD_ADDRESS, ENTRY_LIST);
        v.write(VmcsField.EXIT_MSR_STORE_ADDRESS, STORE_LIST);
        v.write(VmcsField.EXIT_MSR_LOAD_ADDRESS, HOST_LIST);
        return guest;
    }

    /** Fills a list with pairs of a number and a value. */
    private static void list(SmallGuest guest, VmcsField count, long address, long... pairs) {
        guest.vcpu.vmcs().write(count, pairs.length / 2);
        for (int i = 0; i < pairs.length; i++) {
            guest.memory.write(address + 8L * i, pairs[i]);
        }
    }

    private static void exits(SmallGuest guest, long reasonField, long qualification) {
        assertEquals(RunOutcome.VM_EXIT, guest.run());
        assertEquals(reasonField, guest.field(VmcsField.EXIT_REASON));
        assertEquals(qualification, guest.field(VmcsField.EXIT_QUALIFICATION));
    }

    @Test
    void entriesLoadTheGuestsAndExitsStoreThemAndLoadTheHosts() {
        SmallGuest guest = guest();
        long efer = new Registers().efer & ~Registers.EFER_NXE;
        list(guest, VmcsField.ENTRY_MSR_LOAD_COUNT, ENTRY_LIST, SYSENTER_CS, 0x33, 0xC000_0080L, efer);
        list(guest, VmcsField.EXIT_MSR_STORE_COUNT, STORE_LIST, SYSENTER_CS, 0, 0xC000_0080L, 0, 0xC000_0100L, 9);
        list(guest, VmcsField.EXIT_MSR_LOAD_COUNT, HOST_LIST, SYSENTER_ESP, 0x1000, SYSENTER_CS, 0x10);
        exits(guest, 10, 0);
        assertEquals(0x33, guest.vcpu.msrs().read(SYSENTER_CS));
        assertEquals(efer, guest.vcpu.registers().efer);
        assertEquals(0x33, guest.memory.read(STORE_LIST + 8));
        assertEquals(efer, guest.memory.read(STORE_LIST + 24));
        assertEquals(0, guest.memory.read(STORE_LIST + 40), "FS.base can be stored, not loaded");
        assertEquals(0x1000, guest.core.transitions().hostMsrs().read(SYSENTER_ESP));
        assertEquals(0x10, guest.core.transitions().hostMsrs().read(SYSENTER_CS));
    }

    @Test
    void theTimeStampCounterIsStoredAndSetLikeAnyOther() {
        SmallGuest guest = guest();
        list(guest, VmcsField.ENTRY_MSR_LOAD_COUNT, ENTRY_LIST, 0x10, 1_000_000);
        list(guest, VmcsField.EXIT_MSR_STORE_COUNT, STORE_LIST, 0x10, 0);
        long before = guest.core.clock();
        exits(guest, 10, 0);
        long stored = guest.memory.read(STORE_LIST + 8);
        assertTrue(stored >= 1_000_000 && stored <= 1_000_000 + guest.core.clock() - before, "" + stored);
    }

    @Test
    void anEntryListThatFailsLoadsTheHostsListAndNothingOfTheGuest() {
        SmallGuest guest = guest();
        list(guest, VmcsField.ENTRY_MSR_LOAD_COUNT, ENTRY_LIST, SYSENTER_CS, 0x33, 0xC000_0101L, 0);
        list(guest, VmcsField.EXIT_MSR_STORE_COUNT, STORE_LIST, SYSENTER_CS, 0x77);
        list(guest, VmcsField.EXIT_MSR_LOAD_COUNT, HOST_LIST, SYSENTER_CS, 0x10);
        exits(guest, 1L << 31 | 34, 2);
        assertEquals(0, guest.vcpu.msrs().read(SYSENTER_CS));
        assertEquals(0x77, guest.memory.read(STORE_LIST + 8), "nothing is stored");
        assertEquals(0x10, guest.core.transitions().hostMsrs().read(SYSENTER_CS));
    }

    @Test
    void anEntryListThatWouldLeaveLongModeFails() {
        SmallGuest guest = guest();
        list(guest, VmcsField.ENTRY_MSR_LOAD_COUNT, ENTRY_LIST, 0xC000_0080L, Registers.EFER_NXE);
        exits(guest, 1L << 31 | 34, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "EXIT_MSR_LOAD_COUNT, 0xC0000100, 1, 'VMX abort 4, an entry of the VM-exit MSR-load list'",
        "EXIT_MSR_LOAD_COUNT, 0x174, 513, 'VMX abort 5, a machine check'",
        "EXIT_MSR_STORE_COUNT, 0x802, 1, 'VMX abort 1, an entry of the VM-exit MSR-store list'",
        "EXIT_MSR_STORE_COUNT, 0x100000174, 1, 'VMX abort 1, an entry of the VM-exit MSR-store list'",
        "EXIT_MSR_STORE_COUNT, 0x174, 513, 'VMX abort 5, a machine check'"
    })
    void anExitListThatFailsIsAVmxAbort(VmcsField field, long msr, long count, String said) {
        SmallGuest guest = guest();
        list(guest, field, field == VmcsField.EXIT_MSR_LOAD_COUNT ? HOST_LIST : STORE_LIST, msr, 0);
        guest.vcpu.vmcs().write(field, count);
        String message = assertThrows(IllegalStateException.class, guest::run).getMessage();
        assertTrue(message.startsWith("guest: the VM exit ends in " + said), message);
    }
}
