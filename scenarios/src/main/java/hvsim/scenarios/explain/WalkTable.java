package hvsim.scenarios.explain;

import hvsim.ept.GuestEntry;
import hvsim.ept.WalkJournal.Kind;
import hvsim.ept.WalkJournal.Step;
import hvsim.ept.WalkOutcome;
import hvsim.scenarios.report.Page;
import hvsim.scenarios.report.Table;
import hvsim.scenarios.report.Table.Column;
import java.util.List;
import java.util.Locale;

/** The references of one page walk, drawn for those who count them, and how it ended. */
public final class WalkTable {
    private final WalkSetup setup;
    private final WalkExample example;
    private final List<Step> steps;

    private WalkTable(WalkSetup setup) {
        this.setup = setup;
        example = new WalkExample(setup);
        steps = example.steps();
    }

    /**
     * The table, the sum, and the end.
     *
     * @throws QuestionException if the question has no answer
     */
    public static String of(WalkSetup setup, int width) {
        return new WalkTable(setup).text(width);
    }

    private String text(int width) {
        Page page = new Page(width);
        Table table = new Table(List.of(
                Column.right("", 0, 3, 0),
                Column.left("reads", 2, 12),
                Column.left("at", 2, 18),
                Column.left("for", 2, 18),
                Column.left("and gets", 2, 17)));
        int number = 0;
        for (Step step : steps) {
            table.row(cells(step, step.kind() == Kind.NESTED_TLB ? "" : Integer.toString(++number)));
        }
        page.lines(table.lines(width));
        page.blank();
        page.paragraph(sum(number), 2);
        if (setup.isPlain()) {
            page.paragraph(formula(), 2);
        } else {
            WalkEnd end = new WalkEnd(setup, example);
            page.paragraph(end.sentence(), 2);
            end.changes().forEach(line -> page.paragraph(line, 2));
        }
        return page.toString();
    }

    private List<String> cells(Step step, String number) {
        boolean nested = setup.nested();
        return switch (step.kind()) {
            case GUEST ->
                List.of(
                        number,
                        (nested ? "guest " : "") + name(step.level()),
                        "hpa " + hex(step.hpa()),
                        "gva " + hex(example.gva()),
                        setup.isPlain() ? (nested ? "gpa " : "hpa ") + hex(target(step)) : hex(step.entry()));
            case SECOND_STAGE ->
                List.of(
                        number,
                        "  EPT " + name(step.level()),
                        "hpa " + hex(step.hpa()),
                        "gpa " + hex(step.gpa()),
                        setup.isPlain() ? "hpa " + hex(target(step)) : hex(step.entry()));
            case NESTED_TLB -> List.of(number, "  nested TLB", "", "gpa " + hex(step.gpa()), "hpa " + hex(step.hpa()));
        };
    }

    static String name(int level) {
        return WalkSetup.LEVELS.get(level).toUpperCase(Locale.ROOT);
    }

    /** The next table, or the page. */
    private static long target(Step step) {
        boolean leaf = GuestEntry.isLeaf(step.entry(), step.level());
        return step.entry() & GuestEntry.ADDRESS & (leaf ? -(1L << 12 + 9 * (step.level() - 1)) : -1L);
    }

    private String sum(int references) {
        long guest = steps.stream().filter(step -> step.kind() == Kind.GUEST).count();
        String text = references + (references == 1 ? " reference" : " references");
        return setup.nested() ? text + " = guest " + guest + " + second_stage " + (references - guest) : text;
    }

    private String formula() {
        if (example.walk().outcome() != WalkOutcome.TRANSLATED) {
            return new WalkEnd(setup, example).sentence();
        }
        int guestLevels = example.mode().levels() + 1 - setup.guestPage().leafLevel();
        if (!setup.nested()) {
            return "Nothing cached: " + guestLevels + ", one for each level.";
        }
        int hostLevels = setup.eptLevels() + 1 - setup.hostPage().leafLevel();
        int uncached = (guestLevels + 1) * (hostLevels + 1) - 1;
        return "Nothing cached: (g + 1)(e + 1) - 1 = (" + guestLevels + " + 1)(" + hostLevels + " + 1) - 1 = "
                + uncached
                + ", for each of the guest's " + guestLevels + " table addresses and the final one goes through the "
                + hostLevels + " levels of EPT.";
    }

    private static String hex(long address) {
        return "0x" + Long.toHexString(address);
    }
}
