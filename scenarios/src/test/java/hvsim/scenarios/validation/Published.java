package hvsim.scenarios.validation;

import hvsim.scenarios.microbench.Bench;
import hvsim.scenarios.microbench.Operation;
import java.util.ArrayList;
import java.util.List;

/**
 * What somebody measured, typed in here from the calibration table and not taken from the presets.
 *
 * @param row of the table
 * @param cycles that were published
 * @param operation what took them
 * @param conditions in the words of a scenario
 * @param kind whether the model knew it
 */
record Published(String row, double cycles, Operation operation, Bench conditions, Kind kind) {
    private static final String NO_APICV = "hypervisor.features.virtual_interrupts=off";
    private static final String SHORT = "hypervisor.handlers.short_path=on";
    private static final String ADVANCE = "hypervisor.handlers.timer_advance=1500ns";
    private static final String USER_SPACE = "hypervisor.handlers.ports=user_space";

    /** What the figure is for the model. */
    enum Kind {
        /** Something in the model was chosen so that it comes out about like this. */
        FITTED,
        /** Nothing was. */
        PREDICTED
    }

    /** The machine that the issue asks for. */
    static final List<Published> SKYLAKE_SP = skylakeSp();

    /** Others that measured the same, with the machine of theirs or the likeliest one. */
    static final List<Published> NEIGHBOURS = neighbours();

    private static List<Published> skylakeSp() {
        List<Published> rows = new ArrayList<>();
        rows.add(of("A073", 1559, Operation.VMCALL, Kind.FITTED));
        rows.add(of("A074", 1539, Operation.VMCALL, Kind.FITTED));
        rows.add(of("A075", 3319, Operation.IPI_TO_RUNNING, "hypervisor.features.hlt_exiting=off"));
        rows.add(of("A076", 3203, Operation.IPI_TO_RUNNING, "hypervisor.features.hlt_exiting=off"));
        rows.add(of("A077", 4238, Operation.IPI));
        rows.add(of("A078", 3543, Operation.IPI, SHORT));
        rows.add(of("A079", 3293, Operation.IPI, SHORT));
        rows.add(of("A080", 4780.75, Operation.TSCDEADLINE_IMMED, NO_APICV));
        rows.add(of("A081", 3851, Operation.TSCDEADLINE_IMMED, NO_APICV, SHORT));
        rows.add(of("A082", 7474, Operation.TSCDEADLINE, NO_APICV));
        rows.add(of("A083", 6528.5, Operation.TSCDEADLINE, NO_APICV, SHORT));
        rows.add(of("A084", 4845.75, Operation.TSCDEADLINE_IMMED, NO_APICV, ADVANCE));
        rows.add(of("A085", 3930.5, Operation.TSCDEADLINE_IMMED, NO_APICV, ADVANCE, SHORT));
        rows.add(of("A086", 6048, Operation.TSCDEADLINE, NO_APICV, ADVANCE));
        rows.add(of("A087", 5871.75, Operation.TSCDEADLINE, NO_APICV, ADVANCE, SHORT));
        rows.add(of("A088", 2919, Operation.TSCDEADLINE_IMMED));
        rows.add(of("A089", 2467.75, Operation.TSCDEADLINE_IMMED, SHORT));
        rows.add(of("A090", 5661.75, Operation.TSCDEADLINE));
        rows.add(of("A091", 5188.25, Operation.TSCDEADLINE, SHORT));
        rows.add(of("A092", 3018.5, Operation.TSCDEADLINE_IMMED, ADVANCE));
        rows.add(of("A093", 2561, Operation.TSCDEADLINE_IMMED, ADVANCE, SHORT));
        rows.add(of("A094", 4663.75, Operation.TSCDEADLINE, ADVANCE));
        return List.copyOf(rows);
    }

    private static List<Published> neighbours() {
        List<Published> rows = new ArrayList<>();
        rows.add(on("haswell", "A125", 5826, Operation.INL_FROM_QEMU, Kind.FITTED, USER_SPACE));
        rows.add(on("haswell", "A126", 5809, Operation.INL_FROM_QEMU, Kind.FITTED, USER_SPACE));
        rows.add(on("haswell", "A127", 5765, Operation.INL_FROM_QEMU, Kind.FITTED, NO_APICV, USER_SPACE));
        rows.add(on("haswell", "A128", 5777, Operation.INL_FROM_QEMU, Kind.FITTED, NO_APICV, USER_SPACE));
        rows.add(on("sandy-bridge", "A134", 1650, Operation.VMCALL, Kind.PREDICTED));
        rows.add(on("sandy-bridge", "A137", 1300, Operation.VMCALL, Kind.PREDICTED));
        rows.add(on("sandy-bridge", "A139", 1556, Operation.EOI, Kind.PREDICTED));
        rows.add(on("sandy-bridge", "A140", 1437, Operation.VMCALL, Kind.PREDICTED));
        rows.add(on("sandy-bridge", "A141", 2565, Operation.INL_FROM_QEMU, Kind.FITTED));
        rows.add(on("sandy-bridge", "A142", 6732, Operation.INL_FROM_QEMU, Kind.PREDICTED, USER_SPACE));
        rows.add(on(
                "sandy-bridge",
                "A143",
                3102,
                Operation.IPI_TO_RUNNING,
                Kind.PREDICTED,
                "hypervisor.features.hlt_exiting=off"));
        return List.copyOf(rows);
    }

    private static Published of(String row, double cycles, Operation operation, String... settings) {
        return on("skylake-sp", row, cycles, operation, Kind.PREDICTED, settings);
    }

    private static Published of(String row, double cycles, Operation operation, Kind kind) {
        return on("skylake-sp", row, cycles, operation, kind);
    }

    private static Published on(
            String preset, String row, double cycles, Operation operation, Kind kind, String... settings) {
        return new Published(row, cycles, operation, new Bench(preset, List.of(settings)), kind);
    }
}
