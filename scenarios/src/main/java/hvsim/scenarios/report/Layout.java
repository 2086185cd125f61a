package hvsim.scenarios.report;

import java.util.List;

/**
 * How a report is drawn.
 *
 * @param width columns of the page
 * @param sideBySide columns of runs even if there is but one besides the native one
 * @param colour whether the verdicts are coloured
 * @param by what the tables are split by
 * @param details whether exits are told apart by what was accessed
 * @param csv what only CSV asks
 */
public record Layout(int width, boolean sideBySide, boolean colour, By by, boolean details, CsvLayout csv) {
    public static final int DEFAULT_WIDTH = 80;
    public static final int LEAST_WIDTH = 40;

    public Layout {
        if (width < LEAST_WIDTH) {
            throw new IllegalArgumentException("a page of " + width + " columns; at least " + LEAST_WIDTH);
        }
    }

    /** Tables of everything together. */
    public Layout(int width, boolean sideBySide, boolean colour) {
        this(width, sideBySide, colour, By.ALL, false, new CsvLayout(List.of(), false));
    }
}
