package hvsim.scenarios.validation;

import hvsim.scenarios.report.Digits;
import hvsim.vmm.iommu.mapping.MappingCosts;
import hvsim.vmm.iommu.mapping.MappingPolicy;
import java.util.List;

/** The modes of the IOMMU in Markdown, and the searches for addresses, below the heading of the page. */
record IommuTables(List<IommuMode> modes) {
    static final double BOUND = 0.1;

    private static final String HEADING = "IOMMU modes of 2015";

    private static final TableOnPage MODES = new TableOnPage(HEADING, """

        | row | mode | published | model | error | published, cycles a packet | model | Gb/s of that | model | invalidations a packet |
        |---|---|--:|--:|--:|--:|--:|--:|--:|--:|
        """);

    private static final TableOnPage SEARCHES = new TableOnPage(HEADING, """

        | allocator | published | model |
        |---|--:|--:|
        """);

    /** All addresses were some 12,000 (5.1); those of packets to send are 1,024 here, and the ring's 4. */
    private static final int RECEIVE_BUFFERS = 11_000;

    private static final int PACKETS = 40_000;

    /** The page with both tables as the model has them now. */
    String into(String page) {
        return SEARCHES.write(MODES.write(page, rows(), summary()), searches(), SEARCHES_SUMMARY);
    }

    private static final String SEARCHES_SUMMARY = "Ranges that one allocation goes over, on average.";

    private String rows() {
        StringBuilder rows = new StringBuilder();
        for (IommuMode mode : modes) {
            rows.append("| " + mode.row() + " | `" + mode.word() + "` | " + Digits.fixed(mode.published(), 1) + " | "
                    + Digits.fixed(mode.ratio(), 2) + " | " + (mode.error() < 0 ? "" : "+")
                    + Digits.percent(mode.error(), 1) + " | "
                    + Digits.fixed(mode.publishedCycles(), 0) + " | " + Digits.fixed(mode.cycles(), 0) + " | "
                    + Digits.fixed(IommuMode.gigabits(mode.publishedCycles()), 2) + " | "
                    + Digits.fixed(IommuMode.gigabits(mode.cycles()), 2) + " | "
                    + Digits.fixed(mode.invalidations(), 3) + " |\n");
        }
        return rows.toString();
    }

    private String summary() {
        long within =
                modes.stream().filter(mode -> Math.abs(mode.error()) <= BOUND).count();
        return "Of " + modes.size() + " modes " + within + " are within 10 %.";
    }

    private static String searches() {
        return search("linear, `strict`", MappingPolicy.STRICT, "153")
                + search("linear, `defer`", MappingPolicy.DEFER, "32")
                + search("recycling, `strict_plus`", MappingPolicy.STRICT_PLUS, "0")
                + search("recycling, `defer_plus`", MappingPolicy.DEFER_PLUS, "0");
    }

    private static String search(String words, MappingPolicy policy, String published) {
        SendingCore core = new SendingCore(policy, MappingCosts.measured(policy), RECEIVE_BUFFERS);
        core.cyclesOf(PACKETS);
        return "| " + words + " | " + published + " | " + Digits.fixed(core.searched(), 1) + " |\n";
    }
}
