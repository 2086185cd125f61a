package hvsim.vmm.iommu;

import hvsim.cpu.apic.DeliveryMode;
import hvsim.cpu.apic.InterruptCommand;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a device's interrupt: an entry of the interrupt remapping table, of 16 bytes.
 *
 * <pre>
 *   remapped  63         32 31  24 23   16 15 14 12 11  8 7 5 4  3  2  1   0     posted  63   38 37 24 23 16 15 14  13 12 11 8 7 2 1  0
 *            +-------------+------+-------+--+-----+-----+---+--+--+--+---+-+          +-------+-----+-----+-+---+-----+----+---+---+-+
 *            | destination | rsvd |vector |0 | rsvd|ign. |mod|TM|RH|DM|FPD|P|          |desc.  |rsvd |vect.|1|URG|rsvd |ign.|rs |FPD|P|
 *            +-------------+------+-------+--+-----+-----+---+--+--+--+---+-+          +-------+-----+-----+-+---+-----+----+---+---+-+
 *
 *   both      127         96 95   84 83 82 81 80 79      64      of a posted one 127:96 are bits 63:32 of the descriptor's address,
 *            +--------------+-------+-----+-----+----------+     and 63:38 are its bits 31:6
 *            |              | rsvd  |SVT  | SQ  |requester |     SVT 0: any requester may; 1: this one, but for what SQ
 *            +--------------+-------+-----+-----+----------+     leaves out; 2: the buses 79:72 to 71:64
 * </pre>
 *
 * Source: "Interrupt Remapping Table Entry (IRTE) for Remapped Interrupts", "... for Posted Interrupts".
 */
public record InterruptEntry(long low, long high) {
    public static final int BYTES = 16;

    private static final long PRESENT = 1;
    private static final long LOGICAL = 1 << 2;
    private static final long LEVEL_TRIGGERED = 1 << 4;
    private static final long POSTED = 1 << 15;
    private static final int MODE_SHIFT = 5;
    private static final int VECTOR_SHIFT = 16;
    private static final long RESERVED_IN_REMAPPED = 0xFFL << 24 | 7 << 12;
    private static final long RESERVED_IN_POSTED = 0x3FFFL << 24 | 3 << 12 | 0x3F << 2;
    private static final long RESERVED_HIGH = 0xFFF0_0000L;
    private static final long DESCRIPTOR_LOW = 0xFFFF_FFC0L;
    private static final long ONE_REQUESTER = 1 << 18;
    private static final int[] IGNORED_BY_SQ = {0, 4, 6, 7};

    /** A fixed interrupt of a vector to one processor, from that requester alone. */
    public static InterruptEntry remapped(int requester, int vector, int destination) {
        return new InterruptEntry(
                (long) destination << 32 | (long) vector << VECTOR_SHIFT | PRESENT, ONE_REQUESTER | requester);
    }

    /** An interrupt of a guest's vector, for the virtual processor that has the descriptor at {@code hpa}. */
    public static InterruptEntry posted(int requester, int vector, long hpa) {
        return new InterruptEntry(
                (hpa & DESCRIPTOR_LOW) << 32 | (long) vector << VECTOR_SHIFT | POSTED | PRESENT,
                hpa & 0xFFFF_FFFF_0000_0000L | ONE_REQUESTER | requester);
    }

    /** Why a request of that requester is refused, or null. */
    @Nullable
    FaultReason fault(int requester) {
        if ((low & PRESENT) == 0) {
            return FaultReason.INTERRUPT_NOT_PRESENT;
        }
        long reserved = isPosted() ? RESERVED_IN_POSTED : RESERVED_IN_REMAPPED;
        if ((low & reserved) != 0 || (high & reservedHigh()) != 0) {
            return FaultReason.RESERVED_IN_INTERRUPT;
        }
        return mayAsk(requester) ? null : FaultReason.INTERRUPT_SOURCE;
    }

    private long reservedHigh() {
        return isPosted() ? RESERVED_HIGH : RESERVED_HIGH | 0xFFFF_FFFF_0000_0000L;
    }

    private boolean mayAsk(int requester) {
        int source = (int) high & 0xFFFF;
        return switch ((int) (high >>> 18) & 3) {
            case 0 -> true;
            case 1 -> ((source ^ requester) & ~IGNORED_BY_SQ[(int) (high >>> 16) & 3] & 0xFFFF) == 0;
            case 2 -> requester >>> 8 >= source >>> 8 && requester >>> 8 <= (source & 0xFF);
            default -> false;
        };
    }

    public boolean isPosted() {
        return (low & POSTED) != 0;
    }

    public int vector() {
        return (int) (low >>> VECTOR_SHIFT) & 0xFF;
    }

    /** Of a posted one: where the descriptor is ({@link hvsim.cpu.apic.PostedInterrupts}). */
    public long descriptorHpa() {
        return high & 0xFFFF_FFFF_0000_0000L | low >>> 32 & DESCRIPTOR_LOW;
    }

    /** Of a remapped one: what is sent. */
    public InterruptCommand command() {
        return new InterruptCommand(
                DeliveryMode.byNumber((int) (low >>> MODE_SHIFT) & 7),
                (low & LOGICAL) != 0,
                true,
                (low & LEVEL_TRIGGERED) != 0,
                InterruptCommand.Shorthand.NONE,
                vector(),
                (int) (low >>> 32));
    }
}
