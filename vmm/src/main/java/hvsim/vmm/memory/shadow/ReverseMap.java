package hvsim.vmm.memory.shadow;

import hvsim.tlb.PageSize;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** From a guest's frame to the leaves of shadow tables that map it, by the size of their pages. */
final class ReverseMap {
    private final List<Map<Long, List<Long>>> bySize = new ArrayList<>();

    ReverseMap() {
        for (int i = 0; i < PageSize.values().length; i++) {
            bySize.add(new HashMap<>());
        }
    }

    /** @param gfn first frame of the page that a leaf in a table of {@code level} maps */
    void add(int level, long gfn, long entryHpa) {
        bySize.get(level - 1).computeIfAbsent(gfn, key -> new ArrayList<>(1)).add(entryHpa);
    }

    void remove(int level, long gfn, long entryHpa) {
        List<Long> entries = bySize.get(level - 1).get(gfn);
        if (entries == null || !entries.remove(entryHpa)) {
            throw new IllegalStateException("a shadow entry maps a frame that does not know of it");
        }
        if (entries.isEmpty()) {
            bySize.get(level - 1).remove(gfn);
        }
    }

    /** Machine addresses of the leaves, in tables of {@code level}, whose page begins at that frame. */
    List<Long> entries(int level, long gfn) {
        return List.copyOf(bySize.get(level - 1).getOrDefault(gfn, List.of()));
    }

    void clear() {
        bySize.forEach(Map::clear);
    }
}
