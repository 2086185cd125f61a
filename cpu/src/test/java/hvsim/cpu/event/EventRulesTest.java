package hvsim.cpu.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.state.ActivityState;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import org.junit.jupiter.api.Test;

/** What an interrupt or an IRET means besides (SDM vol. 3, 25.3, 29.6). */
class EventRulesTest {
    private final Vmcs vmcs = new Vmcs();

    @Test
    void onlyTheNotificationVectorStartsPostedInterruptProcessing() {
        vmcs.write(VmcsField.POSTED_INTERRUPT_VECTOR, 0xF2);
        assertFalse(EventRules.isNotification(0xF2, vmcs));
        vmcs.set(VmxControl.PROCESS_POSTED_INTERRUPTS, true);
        assertTrue(EventRules.isNotification(0xF2, vmcs));
        assertFalse(EventRules.isNotification(0xF0, vmcs));
        assertFalse(EventRules.isNotification(0xFF, vmcs));
    }

    @Test
    void anExitAcknowledgesTheInterruptWhereItsControlSaysSo() {
        assertFalse(EventRules.acknowledges(vmcs));
        vmcs.set(VmxControl.ACKNOWLEDGE_INTERRUPT_ON_EXIT, true);
        assertTrue(EventRules.acknowledges(vmcs));
    }

    @Test
    void iretLeavesRealNmisBlockedWhereTheyExitAndAreNotVirtual() {
        assertEquals(true, iretUnblocks());
        vmcs.set(VmxControl.NMI_EXITING, true);
        assertEquals(false, iretUnblocks());
        vmcs.set(VmxControl.VIRTUAL_NMIS, true);
        assertEquals(true, iretUnblocks());
    }

    private boolean iretUnblocks() {
        return EventRules.iretUnblocksNmi(new Situation(true, vmcs, 2, 8, ActivityState.ACTIVE));
    }
}
