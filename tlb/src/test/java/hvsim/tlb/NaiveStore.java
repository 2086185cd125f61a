package hvsim.tlb;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** The oracle of every store: lists that are searched, and replacement by its definition ({@link NaiveSet}). */
final class NaiveStore<K> {
    private final SetIndex setIndex;
    private final List<NaiveSet<Entry<K>>> sets = new ArrayList<>();

    record Entry<K>(K key, long value) {}

    NaiveStore(int entries, int ways, SetIndex setIndex, Replacement replacement, long seed) {
        this.setIndex = setIndex;
        NaiveRandom random = new NaiveRandom(seed);
        for (int set = 0; set < entries / ways; set++) {
            sets.add(new NaiveSet<>(ways, replacement, random));
        }
    }

    private NaiveSet<Entry<K>> setOf(long number) {
        int count = sets.size();
        long folded = setIndex == SetIndex.XOR ? number ^ number / count : number;
        return sets.get((int) (folded % count));
    }

    Entry<K> find(long number, K key) {
        for (Entry<K> entry : setOf(number).ways) {
            if (entry != null && entry.key().equals(key)) {
                return entry;
            }
        }
        return null;
    }

    Entry<K> findAndTouch(long number, K key) {
        Entry<K> entry = find(number, key);
        if (entry != null) {
            setOf(number).use(entry);
        }
        return entry;
    }

    void insert(long number, K key, long value) {
        setOf(number).insert(new Entry<>(key, value));
    }

    void removeIf(Predicate<Entry<K>> doomed) {
        sets.forEach(set -> set.ways.replaceAll(e -> e == null || doomed.test(e) ? null : e));
    }

    /** By way; null where one is invalid. */
    List<Entry<K>> entriesOfSet(long number) {
        return setOf(number).ways;
    }

    List<Entry<K>> entries() {
        return sets.stream()
                .flatMap(set -> set.ways.stream())
                .filter(Objects::nonNull)
                .toList();
    }
}
