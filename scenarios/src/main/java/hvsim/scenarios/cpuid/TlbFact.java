package hvsim.scenarios.cpuid;

import hvsim.scenarios.file.Holds;
import hvsim.scenarios.file.PageChoice;
import java.util.Set;

/**
 * One array as a processor describes it.
 *
 * @param ways {@link #FULL} where one set holds all
 * @param source the leaf, as a preset's source names it
 */
record TlbFact(int level, Holds holds, Set<PageChoice> pages, int entries, int ways, String source) {
    static final int FULL = 0;
}
