package hvsim.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.EptEntry;
import hvsim.ept.EptPointer;
import hvsim.ept.PageTable;
import org.junit.jupiter.api.Test;

/** What VM entry loads for the second stage, and exits with reasons 62 and 66. */
class SecondStageExitTest {
    private static final long LOG = 0x280_0000;
    private static final long SUB_PAGE_TABLES = 0x290_0000;
    private static final long READ_ONLY_GPA = 0xB000;

    private static void exits(SmallGuest guest, ExitReason reason, long qualification) {
        assertEquals(RunOutcome.VM_EXIT, guest.run());
        assertEquals(reason.number(), guest.field(VmcsField.EXIT_REASON));
        assertEquals(qualification, guest.field(VmcsField.EXIT_QUALIFICATION));
    }

    @Test
    void aFullPageModificationLogExitsAndTheAccessIsMadeOnceThereIsRoom() {
        SmallGuest guest = new SmallGuest(GuestOp.memory(GuestOp.WRITE, SmallGuest.GVA, 8));
        Vmcs vmcs = guest.vcpu.vmcs();
        vmcs.write(VmcsField.EPT_POINTER, EptPointer.pack(vmcs.ep4ta(), 4, true));
        vmcs.set(VmxControl.ENABLE_PML, true);
        vmcs.write(VmcsField.PML_ADDRESS, LOG);
        vmcs.write(VmcsField.PML_INDEX, 3);
        exits(guest, ExitReason.PML_FULL, 0);
        assertEquals(0xFFFF, guest.field(VmcsField.PML_INDEX));
        for (int table = 0; table < 4; table++) {
            assertEquals(0x1000L * table, guest.memory.read(LOG + 8L * (3 - table)), "the guest's tables, root first");
        }
        vmcs.write(VmcsField.PML_INDEX, 511);
        assertEquals(RunOutcome.PROGRAM_END, guest.run());
        assertEquals(0x8000, guest.memory.read(LOG + 8 * 511));
    }

    @Test
    void aBlockThatMayBeWrittenSaysNothingOfItsPagesOtherBlocks() {
        SmallGuest guest = new SmallGuest(
                GuestOp.memory(GuestOp.WRITE, SmallGuest.READ_ONLY_HOST_GVA, 8),
                GuestOp.memory(GuestOp.WRITE, SmallGuest.READ_ONLY_HOST_GVA + 0x80, 8));
        PageTable ept = PageTable.ofSecondStage(guest.memory, guest.vcpu.vmcs().ep4ta());
        long leaf = ept.entryHpa(READ_ONLY_GPA, 1);
        guest.memory.write(leaf, guest.memory.read(leaf) | EptEntry.SUB_PAGE);
        for (int level = 4; level > 1; level--) {
            guest.memory.write(SUB_PAGE_TABLES + 0x1000L * (4 - level), SUB_PAGE_TABLES + 0x1000L * (5 - level) | 1);
        }
        guest.memory.write(SUB_PAGE_TABLES + 0x3000 + 8 * (READ_ONLY_GPA >>> 12), 1);
        Vmcs vmcs = guest.vcpu.vmcs();
        vmcs.set(VmxControl.SUB_PAGE_WRITE_PERMISSIONS, true);
        vmcs.write(VmcsField.SUB_PAGE_PERMISSION_TABLE_POINTER, SUB_PAGE_TABLES);
        exits(guest, ExitReason.EPT_VIOLATION, 1 << 1 | 1 << 3 | 0xF << 7);
        assertEquals(READ_ONLY_GPA + 0x80, guest.field(VmcsField.GUEST_PHYSICAL_ADDRESS));
        guest.memory.write(SUB_PAGE_TABLES, 0);
        exits(guest, ExitReason.SPP_EVENT, 1 << 11);
        assertEquals(READ_ONLY_GPA + 0x80, guest.field(VmcsField.GUEST_PHYSICAL_ADDRESS));
        assertEquals(SmallGuest.READ_ONLY_HOST_GVA + 0x80, guest.field(VmcsField.GUEST_LINEAR_ADDRESS));
    }
}
