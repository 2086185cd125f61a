package hvsim.tlb;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The oracle of every store: per set a list, the most recent entry first. A set never holds more than its ways. */
final class NaiveStore<K> {
    private final int ways;
    private final SetIndex setIndex;
    private final List<List<Entry<K>>> sets = new ArrayList<>();

    record Entry<K>(K key, long value) {}

    NaiveStore(int entries, int ways, SetIndex setIndex) {
        this.ways = ways;
        this.setIndex = setIndex;
        for (int set = 0; set < entries / ways; set++) {
            sets.add(new ArrayList<>());
        }
    }

    private List<Entry<K>> setOf(long number) {
        int count = sets.size();
        long folded = setIndex == SetIndex.XOR ? number ^ number / count : number;
        return sets.get((int) (folded % count));
    }

    Entry<K> find(long number, K key) {
        return setOf(number).stream()
                .filter(e -> e.key().equals(key))
                .findFirst()
                .orElse(null);
    }

    Entry<K> findAndTouch(long number, K key) {
        Entry<K> entry = find(number, key);
        if (entry != null) {
            setOf(number).remove(entry);
            setOf(number).add(0, entry);
        }
        return entry;
    }

    void insert(long number, K key, long value) {
        List<Entry<K>> set = setOf(number);
        if (set.size() == ways) {
            set.remove(ways - 1);
        }
        set.add(0, new Entry<>(key, value));
    }

    void removeIf(Predicate<Entry<K>> doomed) {
        sets.forEach(set -> set.removeIf(doomed));
    }

    List<Entry<K>> entries() {
        return sets.stream().flatMap(List::stream).toList();
    }
}
