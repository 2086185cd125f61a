package hvsim.multiqueue.trace;

import org.jspecify.annotations.Nullable;

/** What was recorded, one after the other. */
public interface TimedTrace<T extends Timed> {
    /** The next one; null at the end. */
    @Nullable
    T next();
}
