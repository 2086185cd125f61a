package hvsim.cpu.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which of several events is taken first between two instructions. */
public final class BoundaryPriority {
    private static final List<BoundaryEvent> BY_PRIORITY = List.of(BoundaryEvent.values());

    private BoundaryPriority() {}

    /** The bit of an event in a set of pending ones. */
    public static int bit(BoundaryEvent event) {
        return 1 << event.ordinal();
    }

    /** The event that is taken, or null if all that are pending are held back. */
    public static @Nullable BoundaryEvent first(int pending, Situation situation) {
        for (BoundaryEvent event : BY_PRIORITY) {
            if ((pending & bit(event)) != 0 && EventRules.of(event, situation) != EventRules.Effect.HELD_BACK) {
                return event;
            }
        }
        return null;
    }
}
