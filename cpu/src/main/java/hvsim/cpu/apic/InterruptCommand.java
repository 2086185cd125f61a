package hvsim.cpu.apic;

import java.util.List;

/**
 * An order to send an interrupt to other processors, as software writes it into the interrupt command register.
 *
 * <pre>
 *  63          32 31     20 19  18 17 16  15   14  13 12   11   10   8 7      0
 * +--------------+---------+------+-----+----+----+--+---+------+------+--------+
 * | destination  |    0    |short.|  0  |trig|lev.|0 | 0 | log. | mode | vector |
 * +--------------+---------+------+-----+----+----+--+---+------+------+--------+
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 10.6.1, 10.12.9 and 10.12.10.
 *
 * @param isLogical the destination is a set of processors within a cluster of sixteen, else an APIC ID
 * @param isAsserted level; 0 only to take an INIT back, which does nothing any more
 * @param isLevelTriggered trigger mode
 * @param destination {@link #BROADCAST} is all of them
 */
public record InterruptCommand(
        DeliveryMode mode,
        boolean isLogical,
        boolean isAsserted,
        boolean isLevelTriggered,
        Shorthand shorthand,
        int vector,
        int destination) {
    /** The destination that every processor has. */
    public static final int BROADCAST = 0xFFFF_FFFF;

    private static final int MODE_SHIFT = 8;
    private static final int LOGICAL = 1 << 11;
    private static final int ASSERTED = 1 << 14;
    private static final int LEVEL_TRIGGERED = 1 << 15;
    private static final int SHORTHAND_SHIFT = 18;
    private static final int CLUSTER_SHIFT = 16;
    private static final int ID_IN_CLUSTER_BITS = 4;

    /** Who is meant without being named: bits 19:18. */
    public enum Shorthand {
        NONE,
        SELF,
        ALL_INCLUDING_SELF,
        ALL_EXCLUDING_SELF;

        private static final List<Shorthand> BY_NUMBER = List.of(values());
    }

    public InterruptCommand {
        if (vector < 0 || vector > 0xFF) {
            throw new IllegalArgumentException("vector " + vector + "; 0 to 255 are possible");
        }
    }

    /** A fixed interrupt to the processor with that APIC ID. */
    public static InterruptCommand fixed(int vector, int destination) {
        return of(DeliveryMode.FIXED, Shorthand.NONE, vector, destination);
    }

    /** A message to whom the shorthand says. */
    public static InterruptCommand to(Shorthand shorthand, DeliveryMode mode, int vector) {
        return of(mode, shorthand, vector, 0);
    }

    private static InterruptCommand of(DeliveryMode mode, Shorthand shorthand, int vector, int destination) {
        return new InterruptCommand(mode, false, true, false, shorthand, vector, destination);
    }

    /**
     * The command that software has written.
     *
     * @throws IllegalArgumentException if the delivery mode is reserved
     */
    public static InterruptCommand decode(long icr) {
        int low = (int) icr;
        return new InterruptCommand(
                DeliveryMode.byNumber(low >>> MODE_SHIFT & 7),
                (low & LOGICAL) != 0,
                (low & ASSERTED) != 0,
                (low & LEVEL_TRIGGERED) != 0,
                Shorthand.BY_NUMBER.get(low >>> SHORTHAND_SHIFT & 3),
                low & 0xFF,
                (int) (icr >>> Integer.SIZE));
    }

    /** The value of the register. */
    public long encode() {
        return (long) destination << Integer.SIZE
                | (long) shorthand.ordinal() << SHORTHAND_SHIFT
                | (isLevelTriggered ? LEVEL_TRIGGERED : 0)
                | (isAsserted ? ASSERTED : 0)
                | (isLogical ? LOGICAL : 0)
                | (long) mode.number() << MODE_SHIFT
                | vector;
    }

    /**
     * Whether the processor with that APIC ID gets what a command sends that another one, or it itself, has given. An
     * INIT that is taken back sends nothing.
     */
    public boolean reaches(int apicId, int senderId) {
        return (mode != DeliveryMode.INIT || isAsserted) && isMeant(apicId, senderId);
    }

    private boolean isMeant(int apicId, int senderId) {
        return switch (shorthand) {
            case NONE -> isAddressed(apicId);
            case SELF -> apicId == senderId;
            case ALL_INCLUDING_SELF -> true;
            case ALL_EXCLUDING_SELF -> apicId != senderId;
        };
    }

    private boolean isAddressed(int apicId) {
        if (destination == BROADCAST) {
            return true;
        }
        int logical = logicalId(apicId);
        boolean inCluster = logical >>> CLUSTER_SHIFT == destination >>> CLUSTER_SHIFT;
        return isLogical ? inCluster && (logical & destination & 0xFFFF) != 0 : apicId == destination;
    }

    /** The logical ID that an APIC ID has: cluster in the high half, one bit in the low half. */
    static int logicalId(int apicId) {
        return apicId >>> ID_IN_CLUSTER_BITS << CLUSTER_SHIFT | 1 << (apicId & (1 << ID_IN_CLUSTER_BITS) - 1);
    }

    /** What arrives there. */
    public InterruptMessage message() {
        return new InterruptMessage(mode, vector);
    }
}
