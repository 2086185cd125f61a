package hvsim.cpu.apic;

import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.ept.PhysicalMemory;

/**
 * Which interrupt commands of a guest the processor carries out by itself: it posts the interrupt in the descriptor of
 * the virtual processor that is meant.
 *
 * <pre>
 *  PID-pointer table: one quadword for each virtual APIC ID up to the last index
 *    63..6 address of the descriptor      5..0  000001: valid
 * </pre>
 *
 * Source: Intel SDM vol. 3 of 2023, "IPI virtualization" in the chapter on APIC virtualization.
 */
public final class IpiVirtualization {
    /** No descriptor: software has to send the interrupt. */
    public static final long NONE = -1;

    private static final int FIRST_VECTOR = 16;

    /** What must be 0 beside vector and level: reserved bits, status, shorthand, trigger, logical, delivery mode. */
    private static final int CHECKED = 0xFFFF_FFFF & ~(1 << 14 | 0xFF);

    private static final long POINTER_FLAGS = 0x3F;
    private static final long VALID = 1;

    private IpiVirtualization() {}

    /** Address of the descriptor that the interrupt is posted in, or {@link #NONE}. */
    public static long descriptor(int command, int destination, Vmcs vmcs, PhysicalMemory memory) {
        boolean plain = (command & CHECKED) == 0 && (command & 0xFF) >= FIRST_VECTOR;
        long last = vmcs.read(VmcsField.LAST_PID_POINTER_INDEX);
        long index = destination & 0xFFFF_FFFFL;
        if (!plain || index > last) {
            return NONE;
        }
        long pointer = memory.read(vmcs.read(VmcsField.PID_POINTER_TABLE_ADDRESS) + index * Long.BYTES);
        return (pointer & POINTER_FLAGS) == VALID ? pointer & ~POINTER_FLAGS : NONE;
    }
}
