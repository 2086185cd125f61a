package hvsim.scenarios.report;

import hvsim.scenarios.microbench.Microbench;
import hvsim.scenarios.microbench.Operation;
import hvsim.scenarios.run.Version;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Operations down, techniques across. */
public final class MicrobenchReport {
    private static final String SCHEMA = "hvsim.microbench/1";
    private static final int LABEL = 18;
    private static final int COLUMN = 12;
    private static final int GAP = 1;
    private static final int IN_A_BLOCK = 5;

    private MicrobenchReport() {}

    public static String of(Microbench bench, ReportFormat format) {
        return switch (format) {
            case TEXT -> text(bench);
            case CSV -> csv(bench);
            case JSON, JSON_LINES -> JsonReport.document(json(bench));
        };
    }

    private static String text(Microbench bench) {
        Page page = new Page(Layout.DEFAULT_WIDTH);
        page.paragraph("microbench: " + bench.machine() + ", cycles of one operation", 2);
        bench.notes().forEach(note -> page.paragraph("note: " + note, 6));
        for (int from = 0; from < bench.techniques().size(); from += IN_A_BLOCK) {
            page.blank();
            block(page, bench, from, Math.min(bench.techniques().size(), from + IN_A_BLOCK));
        }
        return page.toString();
    }

    private static void block(Page page, Microbench bench, int from, int to) {
        ColumnHeads.write(page, bench.techniques().subList(from, to), LABEL, COLUMN, GAP);
        for (Operation operation : bench.operations()) {
            StringBuilder line = new StringBuilder(Cells.left(operation.word(), LABEL));
            for (double cycles : cyclesOf(bench, operation).subList(from, to)) {
                line.append(Cells.right(cycles(cycles), COLUMN));
            }
            page.line(line.toString());
        }
    }

    private static List<Double> cyclesOf(Microbench bench, Operation operation) {
        return bench.cycles().getOrDefault(operation, List.of());
    }

    private static String cycles(double cycles) {
        return Double.isNaN(cycles) ? Cells.UNDEFINED : Digits.grouped(Math.round(cycles));
    }

    private static String csv(Microbench bench) {
        StringBuilder text = new StringBuilder("operation," + String.join(",", bench.techniques()) + "\n");
        for (Operation operation : bench.operations()) {
            text.append(operation.word());
            cyclesOf(bench, operation)
                    .forEach(cycles -> text.append(',').append(cycles.isNaN() ? "" : Digits.significant(cycles)));
            text.append('\n');
        }
        return text.toString();
    }

    private static ObjectNode json(Microbench bench) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("schema", SCHEMA).put("hvsim", Version.current()).put("machine", bench.machine());
        bench.notes().forEach(tree.putArray("notes")::add);
        ObjectNode all = tree.putObject("cycles");
        for (Operation operation : bench.operations()) {
            ObjectNode row = all.putObject(operation.word());
            for (int i = 0; i < bench.techniques().size(); i++) {
                Double cycles = cyclesOf(bench, operation).get(i);
                row.put(bench.techniques().get(i), cycles.isNaN() ? null : cycles);
            }
        }
        return tree;
    }
}
