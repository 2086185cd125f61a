package hvsim.scenarios.knees;

import hvsim.scenarios.file.Loaded;
import hvsim.scenarios.file.ScenarioException;
import hvsim.scenarios.file.ScenarioLoader;
import hvsim.scenarios.run.RunControl;
import hvsim.scenarios.run.RunResult;
import hvsim.scenarios.run.Runner;
import hvsim.scenarios.run.UnrunnableException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A pointer chase on a bare machine, one reference to each 4 KiB page in a random order, over working sets that grow:
 * what a reference costs beyond its own cycle.
 *
 * @param cost cycles by number of pages
 */
record ChaseCurve(NavigableMap<Integer, Double> cost) {
    static final int FEWEST_PAGES = 8;
    static final int MOST_PAGES = 8192;

    private static final int STEPS_AN_OCTAVE = 8;
    private static final int ROUNDS = 3;

    /** Working sets, eight in each octave, as a program would be run that looks for TLBs of unknown size. */
    static List<Integer> pages() {
        return IntStream.rangeClosed(0, STEPS_AN_OCTAVE * 10)
                .map(step -> (int) Math.round(FEWEST_PAGES * StrictMath.pow(2, (double) step / STEPS_AN_OCTAVE)))
                .boxed()
                .toList();
    }

    static ChaseCurve of(String preset) throws ScenarioException, UnrunnableException {
        NavigableMap<Integer, Double> cost = new TreeMap<>();
        for (int pages : pages()) {
            cost.put(pages, cost(preset, pages));
        }
        return new ChaseCurve(cost);
    }

    /** Nobody waits for these runs. */
    private static final class Unhurried implements RunControl {
        @Override
        public boolean isStopRequested() {
            return false;
        }

        @Override
        public void progress(long done, long all) {}
    }

    private static double cost(String preset, int pages) throws ScenarioException, UnrunnableException {
        String yaml = "machine: {preset: " + preset + "}\n"
                + "hypervisor: {cpu: native}\n"
                + "workload: {references: {pattern: chase, stride: 4KiB, writes: 0%, working_set: " + 4L * pages
                + "KiB}}\n"
                + "run: {native: off, warmup: 50%, operations: " + ROUNDS * pages + "}\n";
        Loaded loaded = new ScenarioLoader(
                        "knees",
                        new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)),
                        (lines, names) -> List.of())
                .load("-", List.of(), List.of());
        RunResult run = Runner.run(loaded, new Unhurried()).runs().get(0);
        return (double) run.counts().cycles().total() / run.counts().operations() - 1;
    }

    /** The largest working set that still costs what small ones do: a knee. Steps up by less than this are none. */
    int knee(double plateau) {
        int last = FEWEST_PAGES;
        for (Map.Entry<Integer, Double> point : cost.entrySet()) {
            if (point.getValue() <= plateau + 0.005) {
                last = point.getKey();
            }
        }
        return last;
    }

    /** The next working set that was tried. */
    int after(int pages) {
        Integer next = cost.higherKey(pages);
        return next == null ? pages : next;
    }

    /** What references cost at that size, or the nearest below. */
    double at(int pages) {
        return cost.floorEntry(pages).getValue();
    }
}
