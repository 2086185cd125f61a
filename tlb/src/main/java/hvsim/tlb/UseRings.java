package hvsim.tlb;

/**
 * The order of the entries of each set: a ring, so that to replace the last one is a single step. Entries stay where
 * they are in the store.
 *
 * <pre>
 *   head -> first -> ... -> last -> head       linked both ways; invalid ways come last
 * </pre>
 */
final class UseRings {
    private final int ways;
    private final int[] older;
    private final int[] newer;
    private final int[] head;

    UseRings(int sets, int ways) {
        this.ways = ways;
        this.older = new int[sets * ways];
        this.newer = new int[sets * ways];
        this.head = new int[sets];
        clear();
    }

    void clear() {
        for (int slot = 0; slot < older.length; slot++) {
            int set = slot / ways * ways;
            older[slot] = set + (slot - set + 1) % ways;
            newer[slot] = set + (slot - set + ways - 1) % ways;
        }
        for (int set = 0; set < head.length; set++) {
            head[set] = set * ways;
        }
    }

    void makeFirst(int slot, int set) {
        int first = head[set];
        if (first != slot) {
            moveBefore(slot, first);
            head[set] = slot;
        }
    }

    /** Makes the last one the first, and says which it is. */
    int turn(int set) {
        int last = newer[head[set]];
        head[set] = last;
        return last;
    }

    void makeLast(int slot, int set) {
        if (head[set] == slot) {
            head[set] = older[slot];
        } else {
            moveBefore(slot, head[set]);
        }
    }

    /** Takes a slot out of its ring and puts it on the newer side of {@code at}. */
    private void moveBefore(int slot, int at) {
        int before = newer[slot];
        int after = older[slot];
        older[before] = after;
        newer[after] = before;
        int last = newer[at];
        older[last] = slot;
        newer[slot] = last;
        older[slot] = at;
        newer[at] = slot;
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(older);
        snapshot.transfer(newer);
        snapshot.transfer(head);
    }
}
