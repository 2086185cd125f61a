package hvsim.cpu.bochs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** VM entries come out as they did on Bochs, but for {@link EntryDeparture}. */
class BochsEntriesTest {
    @Test
    void entriesComeOutAsRecordedOrTheManualSaysWhyNot() {
        List<EntryCase> unexplained = new ArrayList<>();
        Map<EntryDeparture, Integer> departures = new EnumMap<>(EntryDeparture.class);
        int[] counted = {0};
        EntryRecording.forEach(Recording.of("entries-skylake"), entry -> {
            counted[0]++;
            if (!entry.isRecorded(entry.modelled())) {
                Arrays.stream(EntryDeparture.values())
                        .filter(departure -> departure.explains(entry))
                        .findFirst()
                        .ifPresentOrElse(d -> departures.merge(d, 1, Integer::sum), () -> unexplained.add(entry));
            }
        });
        assertEquals(List.of(), unexplained);
        assertEquals(EnumSet.allOf(EntryDeparture.class), departures.keySet(), "departures that occur");
        assertEquals(8000, counted[0]);
        int departed = departures.values().stream().mapToInt(Integer::intValue).sum();
        assertTrue(departed < 500, "of 8000 entries " + departures);
    }
}
