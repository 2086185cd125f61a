package hvsim.cpu.apic;

import java.util.List;

/**
 * What an interrupt message is at its destination.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 10.6.1.
 */
public enum DeliveryMode {
    FIXED(0),
    /** To the processor of the lowest priority among those addressed; here, as with one addressed, as FIXED. */
    LOWEST_PRIORITY(1),
    /** A system-management interrupt, which this model's processors have no mode for. */
    SMI(2),
    NMI(4),
    INIT(5),
    START_UP(6);

    private static final List<DeliveryMode> ALL = List.of(values());

    private final int number;

    DeliveryMode(int number) {
        this.number = number;
    }

    /** Bits 10:8 of an interrupt command. */
    public int number() {
        return number;
    }

    /**
     * The mode with that number.
     *
     * @throws IllegalArgumentException if it is reserved: 3 and 7
     */
    public static DeliveryMode byNumber(int number) {
        for (DeliveryMode mode : ALL) {
            if (mode.number == number) {
                return mode;
            }
        }
        throw new IllegalArgumentException("delivery mode " + number + " is reserved");
    }

    /** Whether the message is an interrupt of a vector, which the local APIC keeps until it is taken. */
    public boolean hasInterruptVector() {
        return this == FIXED || this == LOWEST_PRIORITY;
    }
}
