package hvsim.tlb;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A machine's state on its way out or in. Every model class has one method that names its fields in
 * order; the same method saves and loads, so that the two cannot disagree.
 *
 * <pre>
 *   clock = snapshot.transfer(clock);   // saving: writes and returns it; loading: returns what was read
 * </pre>
 */
public abstract sealed class Snapshot {
    private Snapshot() {}

    public static Snapshot savingTo(DataOutput out) {
        return new Saving(out);
    }

    public static Snapshot loadingFrom(DataInput in) {
        return new Loading(in);
    }

    public abstract boolean isLoading();

    public abstract long transfer(long value);

    private static final class Saving extends Snapshot {
        private final DataOutput out;

        Saving(DataOutput out) {
            this.out = out;
        }

        @Override
        public boolean isLoading() {
            return false;
        }

        @Override
        public long transfer(long value) {
            try {
                out.writeLong(value);
                return value;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class Loading extends Snapshot {
        private final DataInput in;

        Loading(DataInput in) {
            this.in = in;
        }

        @Override
        public boolean isLoading() {
            return true;
        }

        @Override
        public long transfer(long value) {
            try {
                return in.readLong();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public int transfer(int value) {
        return (int) transfer((long) value);
    }

    public boolean transfer(boolean value) {
        return transfer(value ? 1L : 0L) != 0;
    }

    public double transfer(double value) {
        return Double.longBitsToDouble(transfer(Double.doubleToRawLongBits(value)));
    }

    /** For arrays whose length the specification fixes; another length means another specification. */
    public void transfer(long[] values) {
        sameLength(values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = transfer(values[i]);
        }
    }

    public void transfer(int[] values) {
        sameLength(values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = transfer(values[i]);
        }
    }

    /** For arrays that grow: returns an array of the saved length. */
    public long[] transferResized(long[] values) {
        int length = transfer(values.length);
        long[] result = length == values.length ? values : new long[length];
        transfer(result);
        return result;
    }

    public int[] transferResized(int[] values) {
        int length = transfer(values.length);
        int[] result = length == values.length ? values : new int[length];
        transfer(result);
        return result;
    }

    private void sameLength(int length) {
        int saved = transfer(length);
        if (saved != length) {
            throw new IllegalArgumentException(
                    "the saved state has " + saved + " entries where this machine has " + length);
        }
    }
}
