package hvsim.ept.bochs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Accesses through random tables come out as they did on Bochs, but for {@link WalkDeparture}. */
class BochsWalksTest {
    private static final int CASES = 5600;

    private final List<String> unexplained = new ArrayList<>();
    private final Map<WalkDeparture, Integer> departures = new EnumMap<>(WalkDeparture.class);
    private int cases;

    @Test
    void accessesComeOutAsRecordedOrTheManualSaysWhyNot() {
        WalkRecording.forEach(Recording.of("walks-skylake"), this::compare);
        WalkRecording.forEach(Recording.of("walks-icelake"), this::compare);
        assertEquals(List.of(), unexplained);
        assertEquals(EnumSet.allOf(WalkDeparture.class), departures.keySet(), "departures that occur");
        assertEquals(2 * CASES, cases);
        int departed = departures.values().stream().mapToInt(Integer::intValue).sum();
        assertTrue(departed < 2 * CASES / 8, departures + " of " + cases);
    }

    private void compare(WalkCase walk) {
        cases++;
        WalkCase.Modelled modelled = walk.modelled();
        boolean same = modelled.outcome().equals(walk.recorded)
                && modelled.after().equals(walk.after())
                && modelled.log().equals(walk.log);
        if (!same) {
            Arrays.stream(WalkDeparture.values())
                    .filter(departure -> departure.explains(walk, modelled))
                    .findFirst()
                    .ifPresentOrElse(d -> departures.merge(d, 1, Integer::sum), () -> unexplained.add(walk.toString()));
        }
    }
}
