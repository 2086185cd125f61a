package hvsim.scenarios.validation;

import hvsim.scenarios.file.ScenarioException;
import hvsim.scenarios.file.Techniques;
import hvsim.scenarios.microbench.Bench;
import hvsim.scenarios.microbench.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * An operation as Adams and Agesen measured it (ASPLOS 2006, figure 4) on a Pentium 4: natively, and under the two VMMs of one
 * product, of which one translates and the other has VT-x, both with shadow tables.
 *
 * @param firstRow number of the calibration row of the native figure; the others' follow
 * @param published cycles, in the order of {@link Way}
 * @param model cycles, in the same order
 */
record Nanobenchmark(Operation operation, int firstRow, List<Double> published, List<Double> model) {
    private static final String PRESET = "prescott";

    /** Who executes the operation. */
    enum Way {
        NATIVE(Map.of("hypervisor.cpu", "native", "hypervisor.memory", "native")),
        SOFTWARE(Techniques.all().get("binary_translation")),
        HARDWARE(Techniques.all().get("shadow"));

        private final Map<String, String> technique;

        Way(Map<String, String> technique) {
            this.technique = technique;
        }

        /**
         * Their guest had 64 bits, and their translating VMM ran without the segment limits that would protect it, as it would
         * with them; tables are kept in step by traces.
         */
        Bench bench() {
            List<String> settings = new ArrayList<>(List.of("machine.features.segment_limits=on"));
            if (this != NATIVE) {
                settings.add("hypervisor.shadow.out_of_sync=off");
            }
            technique.forEach((path, value) -> settings.add(path + "=" + value));
            return new Bench(PRESET, settings);
        }
    }

    static List<Nanobenchmark> all() throws ScenarioException {
        return List.of(
                of(Operation.SYSCALL, 37, 242, 2308, 246),
                of(Operation.INL_FROM_PMTIMER, 40, 3209, 216, 15826),
                of(Operation.MOV_TO_CR8, 43, 150, 35, 177),
                of(Operation.CALLRET, 46, 11, 51, 11),
                of(Operation.PGFAULT, 49, 1093, 3927, 11242),
                of(Operation.DIVZERO, 52, 889, 3223, 1014),
                of(Operation.PTEMOD, 55, 1, 391, 12733),
                of(Operation.PTEMOD_CLEAR, 58, 4, 17, 9154),
                of(Operation.PTEMOD_SET, 61, 5, 2121, 17020));
    }

    private static Nanobenchmark of(Operation operation, int firstRow, double... published) throws ScenarioException {
        List<Double> model = new ArrayList<>();
        for (Way way : Way.values()) {
            model.add(operation.measure(way.bench()));
        }
        return new Nanobenchmark(
                operation, firstRow, Arrays.stream(published).boxed().toList(), model);
    }

    /** Each way by each that comes before it. */
    List<PublishedRatio> ratios() {
        return List.of(
                ratio(Way.SOFTWARE, Way.NATIVE), ratio(Way.HARDWARE, Way.NATIVE), ratio(Way.HARDWARE, Way.SOFTWARE));
    }

    private PublishedRatio ratio(Way of, Way to) {
        return new PublishedRatio(
                this,
                of,
                to,
                published.get(of.ordinal()) / published.get(to.ordinal()),
                model.get(of.ordinal()) / model.get(to.ordinal()));
    }

    String row(Way way) {
        return "A0" + (firstRow + way.ordinal());
    }
}
