package hvsim.scenarios.report;

import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.ept.WalkJournal.Kind;
import hvsim.ept.WalkJournal.Step;
import hvsim.scenarios.report.Table.Column;
import hvsim.tlb.PageSize;
import java.util.List;
import java.util.Set;

/** The references of one page walk, drawn for those who count them. */
public final class WalkTable {
    private static final List<String> ENTRIES = List.of("", "PTE", "PDE", "PDPTE", "PML4E");

    private final int guestLevels;
    private final int hostLevels;
    private final boolean nested;
    private final List<Step> steps;

    private WalkTable(PageSize guestPage, PageSize hostPage, Set<String> cached, boolean nested) {
        guestLevels = levels(guestPage);
        hostLevels = levels(hostPage);
        this.nested = nested;
        steps = WalkExample.steps(guestPage, hostPage, cached, nested);
    }

    /**
     * The table and the sum.
     *
     * @param cached structures that remember the walk: pml4e, pdpte, pde, nested_tlb
     */
    public static String of(PageSize guestPage, PageSize hostPage, Set<String> cached, boolean nested, int width) {
        return new WalkTable(guestPage, hostPage, cached, nested).text(width);
    }

    private static int levels(PageSize page) {
        return PageTable.LEVELS + 1 - page.leafLevel();
    }

    private String text(int width) {
        Page page = new Page(width);
        Table table = new Table(List.of(
                Column.right("", 0, 3, 0),
                Column.left("reads", 2, 12),
                Column.left("at", 2, 17),
                Column.left("for", 2, 18),
                Column.left("and gets", 2, 17)));
        int number = 0;
        for (Step step : steps) {
            table.row(cells(step, step.kind() == Kind.NESTED_TLB ? "" : Integer.toString(++number)));
        }
        page.lines(table.lines(width));
        page.blank();
        page.paragraph(sum(number), 2);
        page.paragraph(formula(), 2);
        return page.toString();
    }

    private List<String> cells(Step step, String number) {
        return switch (step.kind()) {
            case GUEST ->
                List.of(
                        number,
                        (nested ? "guest " : "") + ENTRIES.get(step.level()),
                        "hpa " + hex(step.hpa()),
                        "gva " + hex(WalkExample.gva()),
                        (nested ? "gpa " : "hpa ") + hex(target(step)));
            case SECOND_STAGE ->
                List.of(
                        number,
                        "  EPT " + ENTRIES.get(step.level()),
                        "hpa " + hex(step.hpa()),
                        "gpa " + hex(step.gpa()),
                        "hpa " + hex(target(step)));
            case NESTED_TLB -> List.of(number, "  nested TLB", "", "gpa " + hex(step.gpa()), "hpa " + hex(step.hpa()));
        };
    }

    /** The next table, or the page. */
    private static long target(Step step) {
        boolean leaf = GuestEntry.isLeaf(step.entry(), step.level());
        return leaf
                ? GuestEntry.pageAddress(step.entry(), PageSize.byNumber(step.level() - 1))
                : step.entry() & GuestEntry.ADDRESS;
    }

    private String sum(int references) {
        long guest = steps.stream().filter(step -> step.kind() == Kind.GUEST).count();
        String text = references + (references == 1 ? " reference" : " references");
        return nested ? text + " = guest " + guest + " + second_stage " + (references - guest) : text;
    }

    private String formula() {
        if (!nested) {
            return "Nothing cached: " + guestLevels + ", one for each level.";
        }
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
