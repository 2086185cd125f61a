package hvsim.tlb;

/**
 * Tree-PLRU: a binary tree over the ways of each set, whose nodes point away from where an entry was last used.
 *
 * <pre>
 *               node 1                  0: the lower half makes room, 1: the upper half
 *             /        \
 *        node 2        node 3           one word a set, node n in bit n;
 *        /    \        /    \           the children of n are 2n and 2n + 1,
 *     way 0  way 1  way 2  way 3        way w of W stands where node W + w would
 * </pre>
 *
 * To use a way is one mask: the nodes above it are known, and so is which way each of them has to point. Using the
 * last one again changes nothing.
 */
final class PlruTrees {
    private final int ways;
    private final long[] trees;
    private final long[] nodesAbove;
    private final long[] pointingAway;

    /** @param ways a power of two */
    PlruTrees(int sets, int ways) {
        this.ways = ways;
        this.trees = new long[sets];
        this.nodesAbove = new long[ways];
        this.pointingAway = new long[ways];
        for (int way = 0; way < ways; way++) {
            for (int below = ways + way; below > 1; below >>= 1) {
                long node = 1L << (below >> 1);
                nodesAbove[way] |= node;
                pointingAway[way] |= (below & 1) == 0 ? node : 0;
            }
        }
    }

    void use(int set, int way) {
        trees[set] = trees[set] & ~nodesAbove[way] | pointingAway[way];
    }

    /** The way that makes room. */
    int victim(int set) {
        long tree = trees[set];
        int node = 1;
        while (node < ways) {
            node = 2 * node + (int) (tree >>> node & 1);
        }
        return node - ways;
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(trees);
    }
}
