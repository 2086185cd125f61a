package hvsim.tlb;

/**
 * Which entry of a full set makes room for a new one. An invalid way is used first, whatever the policy.
 *
 * <p>Source: the first-level TLBs of Intel's Skylake generation have trees; their second level has three trees of
 * four ways behind a counter, which none of these is (Tatar et al., TLB;DR, USENIX Security 2022).
 */
public enum Replacement {
    /** The one that was unused for longest. */
    LRU,
    /** The one that a binary tree points to: each node to the half that was not the last one used. */
    TREE_PLRU,
    /** The one that is there for longest; use changes nothing. */
    FIFO,
    /** Any, by a seeded generator; use changes nothing. */
    RANDOM;

    /** Widest set that one word has all the nodes of a tree for. */
    public static final int MOST_TREE_WAYS = 64;

    /** @throws IllegalArgumentException if sets of so many ways cannot be replaced like that */
    void checkWays(int ways) {
        if (this == TREE_PLRU && (Integer.bitCount(ways) != 1 || ways > MOST_TREE_WAYS)) {
            throw new IllegalArgumentException(
                    "tree_plru with " + ways + " ways; they must be a power of two, up to " + MOST_TREE_WAYS);
        }
    }
}
