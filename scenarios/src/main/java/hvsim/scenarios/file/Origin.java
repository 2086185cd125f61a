package hvsim.scenarios.file;

/**
 * Where a value was written: a position in a file, or an option of the command line.
 *
 * @param line from 1; 0 for an option
 * @param column from 1; 0 for an option
 * @param option as messages show it; empty for a file
 */
record Origin(Place place, int line, int column, String option) {
    static Origin in(Place place, int line, int column) {
        return new Origin(place, line, column, "");
    }

    /** An option; what it names lies in the working directory. */
    static Origin option(String shown) {
        return new Origin(InputPlace.inWorkingFolder(), 0, 0, shown);
    }

    /** So many columns further right. */
    Origin after(int columns) {
        return isOption() ? this : in(place, line, column + columns);
    }

    boolean isOption() {
        return !option.isEmpty();
    }

    String shown() {
        return isOption() ? option : place.shown() + ":" + line + ":" + column;
    }
}
