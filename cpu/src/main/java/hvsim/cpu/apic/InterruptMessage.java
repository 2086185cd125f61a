package hvsim.cpu.apic;

/**
 * What arrives at a processor: an interrupt of a vector, or one of the signals that have none.
 *
 * @param vector 0 where the mode has none
 */
public record InterruptMessage(DeliveryMode mode, int vector) {
    public InterruptMessage {
        if (vector < 0 || vector > 0xFF) {
            throw new IllegalArgumentException("vector " + vector + "; 0 to 255 are possible");
        }
    }

    public static InterruptMessage fixed(int vector) {
        return new InterruptMessage(DeliveryMode.FIXED, vector);
    }

    public static InterruptMessage nmi() {
        return new InterruptMessage(DeliveryMode.NMI, 0);
    }

    public static InterruptMessage init() {
        return new InterruptMessage(DeliveryMode.INIT, 0);
    }

    /** @param page number of the page where the processor starts */
    public static InterruptMessage startUp(int page) {
        return new InterruptMessage(DeliveryMode.START_UP, page);
    }
}
