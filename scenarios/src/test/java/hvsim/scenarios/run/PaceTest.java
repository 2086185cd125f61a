package hvsim.scenarios.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.file.ScenarioLoader;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {
    /** Stops after it was told so often. */
    private static final class Recorder implements RunControl {
        private final List<Double> told = new ArrayList<>();
        private final int most;

        Recorder(int most) {
            this.most = most;
        }

        @Override
        public boolean isStopRequested() {
            return told.size() >= most;
        }

        @Override
        public void progress(long done, long all) {
            told.add((double) done / all);
        }
    }

    private static Recorder run(int most, String... settings) throws Exception {
        Loaded loaded = new ScenarioLoader("test", InputStream.nullInputStream(), (lines, names) -> List.of())
                .load("vpid-on-off", List.of(settings), List.of());
        Recorder recorder = new Recorder(most);
        assertEquals(most != Integer.MAX_VALUE, Runner.run(loaded, recorder).partial());
        return recorder;
    }

    @Test
    void whatWasStoppedIsNotDone() throws Exception {
        List<Double> told = run(2, "run.operations=20M").told;
        assertTrue(told.stream().allMatch(part -> part < 0.5), told.toString());
    }

    @Test
    void progressOnlyGrowsAndEndsWithAll() throws Exception {
        for (String extent : List.of("run.operations=2M", "run.time=15ms")) {
            List<Double> told = run(Integer.MAX_VALUE, extent).told;
            assertEquals(told.stream().sorted().toList(), told);
            assertEquals(1.0, told.get(told.size() - 1));
            assertTrue(told.get(0) > 0 && told.get(0) < 1, told.toString());
        }
    }
}
