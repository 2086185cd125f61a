package hvsim.scenarios.report;

import hvsim.scenarios.report.Table.Column;
import hvsim.scenarios.run.RunResult.Exits;
import hvsim.scenarios.run.RunResult.GuestHypervisors;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What guest hypervisors have got of their guests' exits, and the exits that this has led to. */
final class GuestHypervisorsTable {
    private static final int NAME = 18;
    private static final String TOTAL = "total";

    private final GuestHypervisors guestHypervisors;

    GuestHypervisorsTable(GuestHypervisors guestHypervisors) {
        this.guestHypervisors = guestHypervisors;
    }

    /** @param whose counts these are, as heads of the tables say it */
    void write(String whose, Page page) {
        page.paragraph("GUEST HYPERVISORS" + whose + "; exits that they got, cycles to their guests' next entry", 2);
        Table table = new Table(List.of(
                Column.right("VM-EXIT", 0, NAME, 0),
                Column.right("Samples", 2, 7, 0),
                Column.right("Min", 2, 7, 0),
                Column.right("Max", 2, 7, 0),
                Column.right("Mean", 2, 10, 0)));
        byFrequency(guestHypervisors.exits()).forEach(entry -> table.row(row(entry.getKey(), entry.getValue())));
        table.row(row(TOTAL, total(guestHypervisors.exits())));
        page.lines(table.lines(page.width()));
        page.paragraph(
                "exits of their own  "
                        + Digits.grouped(total(guestHypervisors.ownExits()).samples()) + ", "
                        + Cells.fixed(guestHypervisors.exitsPerExit(), 2) + " for each: " + own(),
                2);
    }

    private static List<String> row(String name, Exits exits) {
        return List.of(
                name,
                Digits.grouped(exits.samples()),
                Digits.grouped(exits.minCycles()),
                Digits.grouped(exits.maxCycles()),
                Cells.fixed(exits.meanCycles(), 1));
    }

    private String own() {
        return byFrequency(guestHypervisors.ownExits())
                .map(entry ->
                        entry.getKey() + " " + Digits.grouped(entry.getValue().samples()))
                .collect(Collectors.joining("   "));
    }

    private static Stream<Map.Entry<String, Exits>> byFrequency(Map<String, Exits> exits) {
        return exits.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(TOTAL))
                .sorted(Comparator.comparingLong(entry -> -entry.getValue().samples()));
    }

    private static Exits total(Map<String, Exits> exits) {
        return Objects.requireNonNull(exits.get(TOTAL));
    }
}
