package hvsim.vmm.memory.shadow;

import hvsim.tlb.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Frames that a guest may not write as it likes: those with tables, by the shadows of these, and those that somebody
 * watches, for he has made something of what is in them.
 */
final class ProtectedFrames {
    private final TreeMap<Long, List<ShadowPage>> tables = new TreeMap<>();
    private final TreeSet<Long> watched = new TreeSet<>();

    void add(ShadowPage page) {
        tables.computeIfAbsent(page.key().gfn(), gfn -> new ArrayList<>(1)).add(page);
    }

    void remove(ShadowPage page) {
        tables.computeIfPresent(page.key().gfn(), (gfn, pages) -> pages.remove(page) && pages.isEmpty() ? null : pages);
    }

    List<ShadowPage> tablesIn(long gfn) {
        return List.copyOf(tables.getOrDefault(gfn, List.of()));
    }

    boolean isAnyIn(long firstGfn, long frameCount) {
        return isWithin(tables.ceilingKey(firstGfn), firstGfn + frameCount)
                || isWithin(watched.ceiling(firstGfn), firstGfn + frameCount);
    }

    private static boolean isWithin(@Nullable Long gfn, long end) {
        return gfn != null && gfn < end;
    }

    boolean isProtected(long gfn) {
        return isWatched(gfn) || tables.getOrDefault(gfn, List.of()).stream().anyMatch(page -> !page.isOutOfSync());
    }

    /** In the order of their frames. */
    List<ShadowPage> outOfSync() {
        return tables.values().stream()
                .flatMap(List::stream)
                .filter(ShadowPage::isOutOfSync)
                .toList();
    }

    boolean isWatched(long gfn) {
        return watched.contains(gfn);
    }

    /** Returns whether it was not watched before. */
    boolean watch(long gfn) {
        return watched.add(gfn);
    }

    /** Returns whether it was watched. */
    boolean unwatch(long gfn) {
        return watched.remove(gfn);
    }

    void clearTables() {
        tables.clear();
    }

    void transferWatched(Snapshot snapshot) {
        long[] all = snapshot.transferResized(
                watched.stream().mapToLong(Long::longValue).toArray());
        watched.clear();
        for (long gfn : all) {
            watched.add(gfn);
        }
    }
}
