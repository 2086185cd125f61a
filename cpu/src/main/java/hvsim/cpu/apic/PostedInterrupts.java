package hvsim.cpu.apic;

import hvsim.ept.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/**
 * A posted-interrupt descriptor in machine memory: where interrupts for a virtual processor wait that others have for
 * it, until it is told to look.
 *
 * <pre>
 *  bytes  0..31   PIR: one bit a vector
 *        32..39   63..32 NDST destination     23..16 NV vector     1 SN suppress     0 ON outstanding notification
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), table 29-1 and 29.6; NV, NDST and SN as the VT-d specification has them.
 */
public final class PostedInterrupts {
    /** Size and alignment. */
    public static final int BYTES = 64;

    private static final int NOTIFICATION = 32;
    private static final long OUTSTANDING = 1;
    private static final long SUPPRESS = 1 << 1;
    private static final int VECTOR_SHIFT = 16;
    private static final int DESTINATION_SHIFT = 32;
    private static final int WORDS = 4;

    private final PhysicalMemory memory;
    private final long hpa;

    public PostedInterrupts(PhysicalMemory memory, long hpa) {
        this.memory = memory;
        this.hpa = hpa;
    }

    /** Says where notifications go: to that processor, as an interrupt of that vector. */
    public void notify(int vector, int apicId) {
        long kept = notification() & (OUTSTANDING | SUPPRESS);
        setNotification(kept | (long) vector << VECTOR_SHIFT | (long) apicId << DESTINATION_SHIFT);
    }

    /** Whether posting sends no notifications: the virtual processor is not running. */
    public void suppress(boolean suppressed) {
        setNotification(suppressed ? notification() | SUPPRESS : notification() & ~SUPPRESS);
    }

    /**
     * What hardware does with an interrupt for the virtual processor. Returns the notification that has to be sent, or
     * null if there is one on its way or none is wanted.
     */
    public @Nullable InterruptCommand post(int vector) {
        request(vector);
        long notification = notification();
        if ((notification & (OUTSTANDING | SUPPRESS)) != 0) {
            return null;
        }
        setNotification(notification | OUTSTANDING);
        return InterruptCommand.fixed(
                (int) (notification >>> VECTOR_SHIFT) & 0xFF, (int) (notification >>> DESTINATION_SHIFT));
    }

    private void request(int vector) {
        long word = hpa + (vector >>> 6 << 3);
        memory.write(word, memory.read(word) | 1L << vector);
    }

    /** Whether an interrupt waits. */
    public boolean isWaiting() {
        long all = 0;
        for (int i = 0; i < WORDS; i++) {
            all |= memory.read(hpa + (long) i * Long.BYTES);
        }
        return all != 0;
    }

    /** The notification has come: what waits is requested of the virtual APIC (29.6). */
    void takeInto(VirtualApic apic) {
        setNotification(notification() & ~OUTSTANDING);
        for (int i = 0; i < WORDS; i++) {
            long word = hpa + (long) i * Long.BYTES;
            for (long left = memory.read(word); left != 0; left &= left - 1) {
                apic.request(i << 6 | Long.numberOfTrailingZeros(left));
            }
            memory.write(word, 0);
        }
    }

    private long notification() {
        return memory.read(hpa + NOTIFICATION);
    }

    private void setNotification(long value) {
        memory.write(hpa + NOTIFICATION, value);
    }
}
