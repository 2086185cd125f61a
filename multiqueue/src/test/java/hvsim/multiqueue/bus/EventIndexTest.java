package hvsim.multiqueue.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIndexTest {
    private static final int SPACE = 1 << 16;

    @Test
    void theStepThatFollowsTheEventNotifies() {
        assertTrue(EventIndex.passed(7, 7, 8));
        assertFalse(EventIndex.passed(8, 7, 8));
        assertFalse(EventIndex.passed(6, 7, 8));
        assertTrue(EventIndex.passed(0xFFFF, 0xFFFE, 1));
        assertFalse(EventIndex.passed(1, 0xFFFE, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF})
    void everyEventIsPassedByTheStepsThatGoOverIt(int before) {
        for (int event = 0; event < SPACE; event++) {
            int distance = stepsTo(event, before);
            for (int steps = 0; steps <= 64; steps++) {
                check(event, before, steps, distance < steps);
            }
            check(event, before, distance, false);
            check(event, before, distance + 1 & SPACE - 1, distance + 1 < SPACE);
            check(event, before, SPACE - 1, distance < SPACE - 1);
        }
    }

    /** All of the space: every event against every number of steps, 2^32 cases. */
    @Test
    @Tag("long")
    void everyEventAndEveryNumberOfSteps() {
        for (int event = 0; event < SPACE; event++) {
            int first = SPACE;
            for (int steps = SPACE - 1; steps >= 0; steps--) {
                first = EventIndex.passed(event, 0x1234, 0x1234 + steps & SPACE - 1) && first == steps + 1
                        ? steps
                        : first;
            }
            int distance = stepsTo(event, 0x1234);
            assertEquals(distance + 1, first);
            for (int steps = 0; steps < first; steps++) {
                assertFalse(EventIndex.passed(event, 0x1234, 0x1234 + steps & SPACE - 1));
            }
        }
    }

    /** Of indices that run around. */
    private static int stepsTo(int event, int before) {
        return event >= before ? event - before : event + SPACE - before;
    }

    private static void check(int event, int before, int steps, boolean passes) {
        if (EventIndex.passed(event, before, before + steps & SPACE - 1) != passes) {
            throw new AssertionError("event " + event + ", from " + before + " by " + steps);
        }
    }
}
