package hvsim.scenarios.report;

import hvsim.scenarios.report.Table.Column;
import hvsim.scenarios.run.RunResult;
import hvsim.scenarios.run.RunResult.Counts;
import hvsim.scenarios.run.RunResult.Cycles;
import hvsim.scenarios.run.RunResult.Exits;
import hvsim.scenarios.run.RunResult.Interval;
import java.util.ArrayList;
import java.util.List;

/** A line for each interval of a run. */
final class IntervalTable {
    private static final int MOST_LINES = 100;

    private final RunResult run;
    private final Configuration configuration;

    IntervalTable(RunResult run, Configuration configuration) {
        this.run = run;
        this.configuration = configuration;
    }

    void write(Page page) {
        page.paragraph("INTERVALS; misses per 1000 operations, and where the cycles went", 2);
        List<Column> columns = new ArrayList<>(List.of(
                Column.right("Until", 0, 8, 0), Column.right("Operations", 2, 10, 0), Column.right("Exits", 2, 7, 0)));
        List<String> tlbs = List.copyOf(run.counts().tlb().keySet());
        tlbs.forEach(tlb -> columns.add(Column.right(tlb, 2, 7, 3 + tlbs.size() - tlbs.indexOf(tlb))));
        columns.add(Column.right("Guest", 2, 6, 1));
        columns.add(Column.right("Walks", 2, 5, 3));
        columns.add(Column.right("Trans.", 2, 6, 3));
        columns.add(Column.right("Hyperv.", 2, 7, 2));
        columns.add(Column.right("Idle", 2, 5, 6));
        Table table = new Table(columns);
        run.intervals().stream().limit(MOST_LINES).forEach(interval -> table.row(cells(interval)));
        page.lines(table.lines(page.width()));
        int more = run.intervals().size() - MOST_LINES;
        if (more > 0) {
            page.line("and " + Digits.grouped(more) + " more, which JSON has");
        }
    }

    private List<String> cells(Interval interval) {
        Counts counts = interval.counts();
        Exits exits = counts.exits().get("total");
        String time = configuration.time(interval.endCycles());
        List<String> cells = new ArrayList<>(List.of(
                time.isEmpty() ? Digits.grouped(interval.endCycles()) : time,
                Digits.grouped(counts.operations()),
                exits == null ? Cells.UNDEFINED : Digits.grouped(exits.samples())));
        counts.tlb().values().forEach(tlb -> cells.add(Cells.fixed(tlb.missesPer1000(), 3)));
        Cycles cycles = counts.cycles();
        cells.add(share(cycles.guestWork() + cycles.memory() + cycles.tlbSecondLevel(), cycles));
        cells.add(share(cycles.guestWalk() + cycles.secondStageWalk(), cycles));
        cells.add(share(cycles.transitions(), cycles));
        cells.add(share(cycles.hypervisor(), cycles));
        cells.add(share(cycles.idle(), cycles));
        return cells;
    }

    private static String share(long part, Cycles cycles) {
        return Cells.share(part, cycles.total(), 1);
    }
}
