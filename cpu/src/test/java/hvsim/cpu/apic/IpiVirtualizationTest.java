package hvsim.cpu.apic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.ept.PhysicalMemory;
import org.junit.jupiter.api.Test;

/** Which commands are virtualized, and what posting leaves in the descriptor and on the bus. */
class IpiVirtualizationTest {
    private static final long TABLE = 0x3000;
    private static final long DESCRIPTOR = 0x5040;
    private static final int LAST = 3;

    private final PhysicalMemory memory = new PhysicalMemory(1 << 20);
    private final Vmcs vmcs = new Vmcs();
    private final PostedInterrupts posted = new PostedInterrupts(memory, DESCRIPTOR);

    IpiVirtualizationTest() {
        vmcs.write(VmcsField.PID_POINTER_TABLE_ADDRESS, TABLE);
        vmcs.write(VmcsField.LAST_PID_POINTER_INDEX, LAST);
        memory.write(TABLE + 8 * 2, DESCRIPTOR | 1);
        memory.write(TABLE + 8 * 3, DESCRIPTOR);
        memory.write(TABLE + 8 * 4, DESCRIPTOR | 1);
    }

    private long descriptor(int command, int destination) {
        return IpiVirtualization.descriptor(command, destination, vmcs, memory);
    }

    @Test
    void onlyAPlainFixedPhysicalIpiOfAValidEntryIs() {
        for (int low = 0; low < 1 << 20; low++) {
            boolean fixed = (low >> 8 & 7) == 0;
            boolean physical = (low >> 11 & 1) == 0;
            boolean edge = (low >> 15 & 1) == 0;
            boolean noShorthand = low >> 18 == 0;
            boolean reserved = (low >> 12 & 3) != 0 || (low >> 16 & 3) != 0;
            boolean vector = (low & 0xF0) != 0;
            boolean plain = fixed && physical && edge && noShorthand && vector && !reserved;
            assertEquals(plain ? DESCRIPTOR : IpiVirtualization.NONE, descriptor(low, 2));
        }
        assertEquals(IpiVirtualization.NONE, descriptor(0x41, 1), "no entry");
        assertEquals(IpiVirtualization.NONE, descriptor(0x41, 3), "not valid");
        assertEquals(IpiVirtualization.NONE, descriptor(0x41, 4), "past the last");
        assertEquals(IpiVirtualization.NONE, descriptor(0x41, InterruptCommand.BROADCAST));
        memory.write(TABLE + 8 * 2, DESCRIPTOR | 3);
        assertEquals(IpiVirtualization.NONE, descriptor(0x41, 2), "a reserved bit");
    }

    @Test
    void theFirstPostNotifiesAndLaterOnesRideAlong() {
        posted.notify(0xF2, 9);
        assertEquals(InterruptCommand.fixed(0xF2, 9), posted.post(0x41));
        assertNull(posted.post(0x82));
        assertEquals(1L << 1, memory.read(DESCRIPTOR + 8));
        assertEquals(1L << 2, memory.read(DESCRIPTOR + 16));
        assertEquals(9L << 32 | 0xF2 << 16 | 1, memory.read(DESCRIPTOR + 32));
    }

    @Test
    void whoSuppressesNotificationsIsSentNoneAndFindsTheInterruptAllTheSame() {
        posted.notify(0xF2, 9);
        posted.suppress(true);
        assertNull(posted.post(0x41));
        assertEquals(true, posted.isWaiting());
        posted.suppress(false);
        assertEquals(9L << 32 | 0xF2 << 16, memory.read(DESCRIPTOR + 32));
        assertEquals(InterruptCommand.fixed(0xF2, 9), posted.post(0x41));
    }
}
