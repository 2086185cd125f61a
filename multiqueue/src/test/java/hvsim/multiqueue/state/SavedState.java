package hvsim.multiqueue.state;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** Takes the state of one object into another by way of a list of numbers. */
public final class SavedState {
    private SavedState() {}

    public static void copy(Consumer<DeviceState> from, Consumer<DeviceState> to) {
        Deque<Long> values = new ArrayDeque<>();
        from.accept(new Saving(values));
        to.accept(new Loading(values));
        if (!values.isEmpty()) {
            throw new AssertionError(values.size() + " values were saved but not loaded");
        }
    }

    private record Saving(Deque<Long> values) implements DeviceState {
        @Override
        public boolean isLoading() {
            return false;
        }

        @Override
        public long transfer(long value) {
            values.add(value);
            return value;
        }
    }

    private record Loading(Deque<Long> values) implements DeviceState {
        @Override
        public boolean isLoading() {
            return true;
        }

        @Override
        public long transfer(long value) {
            return values.remove();
        }
    }
}
