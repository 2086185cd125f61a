package hvsim.multiqueue.state;

/**
 * A device's state on its way out or in. Every model class has one method that names its fields in order; the same
 * method saves and loads, so that the two cannot disagree.
 *
 * <pre>
 *   head = state.transfer(head);   // saving: writes and returns it; loading: returns what was read
 * </pre>
 *
 * Who has the rest of the machine's state implements this: devices know no processor, and so not what keeps its state.
 */
public interface DeviceState {
    boolean isLoading();

    long transfer(long value);

    default int transfer(int value) {
        return (int) transfer((long) value);
    }

    default boolean transfer(boolean value) {
        return transfer(value ? 1L : 0L) != 0;
    }

    default double transfer(double value) {
        return Double.longBitsToDouble(transfer(Double.doubleToRawLongBits(value)));
    }

    /** For arrays whose length the specification fixes; another length means another specification. */
    default void transfer(long[] values) {
        sameLength(values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = transfer(values[i]);
        }
    }

    default void transfer(int[] values) {
        sameLength(values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = transfer(values[i]);
        }
    }

    private void sameLength(int length) {
        int saved = transfer(length);
        if (saved != length) {
            throw new IllegalArgumentException(
                    "the saved state has " + saved + " entries where this device has " + length);
        }
    }
}
