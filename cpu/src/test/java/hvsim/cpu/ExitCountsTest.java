package hvsim.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.cpu.state.Passage;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExitCountsTest {
    @Test
    void eachReasonHasItsOwnDetailsWhateverItsPlace() {
        ExitCounts counts = new ExitCounts();
        for (Passage reason : ExitCounts.PASSAGES) {
            counts.begin(ExitCounts.detail(reason, reason.place()));
        }
        for (Passage reason : ExitCounts.PASSAGES) {
            assertEquals(Map.of((long) reason.place(), 1L), counts.details(reason));
        }
    }
}
