package hvsim.scenarios.file;

import java.util.List;
import java.util.Optional;

/**
 * {@code machine.tlb.NAME}: one array of a TLB.
 *
 * @param level 1 or 2
 * @param pages the page sizes it holds, smallest first
 * @param ways entries in each set; equal to {@code entries} where one set holds all
 * @param hitCycles cost of a hit; 0 at level 1
 * @param beside the array with which this one makes a single TLB: one look-up, counted under that name
 */
public record TlbConfig(
        int level,
        Holds holds,
        List<PageChoice> pages,
        int entries,
        int ways,
        SetIndex setIndex,
        int hitCycles,
        Replacement replacement,
        Optional<String> beside) {

    public int sets() {
        return entries / ways;
    }
}
