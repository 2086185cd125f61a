package hvsim.vmm.memory.shadow;

import hvsim.ept.GuestEntry;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.UnsupportedGuestException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All shadow tables of a VM, and what leads to what. An entry is linked, or maps a page, or is empty; a table that
 * nothing leads to any more is given up, and so is the oldest when there is no room.
 */
final class ShadowTables {
    private static final long TABLE = GuestEntry.PRESENT | GuestEntry.WRITE | GuestEntry.USER | GuestEntry.ACCESSED;

    private final PhysicalMemory memory;
    private final Frames frames;
    private final ShadowWork work;
    private final int most;

    private final Map<ShadowPage.Key, ShadowPage> byKey = new HashMap<>();

    /** The oldest first. */
    private final Map<Long, ShadowPage> byHpa = new LinkedHashMap<>();

    private final ProtectedFrames byGfn = new ProtectedFrames();

    private final ReverseMap leaves = new ReverseMap();
    private final ArrayDeque<Long> free = new ArrayDeque<>();
    private Resident resident = Resident.NONE;

    /** @param frames of the hypervisor */
    ShadowTables(PhysicalMemory memory, Frames frames, ShadowWork work, long memoryBytes) {
        this.memory = memory;
        this.frames = frames;
        this.work = work;
        this.most = (int) (memoryBytes / PageSize.SIZE_4K.bytes());
    }

    /** Root tables have those entries from now on, whatever the guest does; there must be none yet. */
    void keep(Resident entries) {
        resident = entries;
    }

    /** Whether an entry leads to the hypervisor itself. */
    boolean isResident(ShadowPage page, int index) {
        return resident.is(page, index);
    }

    @Nullable
    ShadowPage find(ShadowPage.Key key) {
        return byKey.get(key);
    }

    /** A new, empty table; there must be room. */
    ShadowPage create(ShadowPage.Key key) {
        Long given = free.poll();
        ShadowPage page = new ShadowPage(given == null ? frames.allocate(PageSize.SIZE_4K) : given, key);
        register(page);
        resident.prepare(memory, page);
        return page;
    }

    private void register(ShadowPage page) {
        byKey.put(page.key(), page);
        byHpa.put(page.hpa(), page);
        if (!page.key().split()) {
            byGfn.add(page);
        }
    }

    /** Shadows of the guest's table in that frame. */
    List<ShadowPage> of(long gfn) {
        return byGfn.tablesIn(gfn);
    }

    /** Whether one of that many frames has a table of the guest's, or is watched. */
    boolean hasSpecialIn(long firstGfn, long frameCount) {
        return byGfn.isAnyIn(firstGfn, frameCount);
    }

    /** Whether the guest must not write the frame: a table in it is kept in step, or it is watched. */
    boolean isProtected(long gfn) {
        return byGfn.isProtected(gfn);
    }

    boolean isWatched(long gfn) {
        return byGfn.isWatched(gfn);
    }

    /** Tables that the guest writes as it likes at present, in the order of their frames. */
    List<ShadowPage> outOfSync() {
        return byGfn.outOfSync();
    }

    /** No write to the frame goes unnoticed from now on. */
    void watch(long gfn) {
        if (byGfn.watch(gfn)) {
            protect(gfn);
        }
    }

    /** Returns whether it was watched until now. */
    boolean unwatch(long gfn) {
        return byGfn.unwatch(gfn);
    }

    /** Gives up the oldest until that many more can be made. */
    void makeRoomFor(int tables) {
        while (byHpa.size() + tables > most) {
            drop(byHpa.values().stream()
                    .filter(page -> !page.isInUse())
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("root tables alone fill the shadow memory")));
        }
    }

    /** The entry leads to that table from now on. */
    void link(ShadowPage page, int index, ShadowPage child) {
        long value = child.hpa() | TABLE;
        requireFree(page, index);
        if (memory.read(page.entry(index)) != value) {
            child.parents().add(page.entry(index));
            empty(page, index);
            write(page.entry(index), value);
        }
    }

    /** The entry maps a page, whose first frame in the guest's memory is {@code gfn}, from now on. */
    void map(ShadowPage page, int index, long gfn, long value) {
        long old = memory.read(page.entry(index));
        if (isLeaf(page, old) && page.gfn(index) == gfn) {
            if (old != value) {
                write(page.entry(index), value);
            }
            return;
        }
        requireFree(page, index);
        empty(page, index);
        page.setGfn(index, gfn);
        leaves.add(page.level(), gfn, page.entry(index));
        write(page.entry(index), value);
    }

    /**
     * @throws UnsupportedGuestException if the guest uses addresses that the hypervisor keeps for itself
     */
    private void requireFree(ShadowPage page, int index) {
        if (resident.is(page, index)) {
            throw new UnsupportedGuestException("a deprivileged guest uses addresses where its hypervisor is");
        }
    }

    /** The entry leads nowhere from now on. */
    void empty(ShadowPage page, int index) {
        long old = memory.read(page.entry(index));
        if (!GuestEntry.isPresent(old) || resident.is(page, index)) {
            return;
        }
        write(page.entry(index), 0);
        if (isLeaf(page, old)) {
            leaves.remove(page.level(), page.gfn(index), page.entry(index));
        } else {
            unlink(page.entry(index), at(old & GuestEntry.ADDRESS));
        }
    }

    private void unlink(long entryHpa, ShadowPage child) {
        child.parents().remove(entryHpa);
        work.flush();
        if (child.isOrphan()) {
            drop(child);
        }
    }

    /** A table is given up, and all that only it leads to. */
    void drop(ShadowPage page) {
        byKey.remove(page.key());
        byHpa.remove(page.hpa());
        if (!page.key().split()) {
            byGfn.remove(page);
        }
        for (long parent : page.parents()) {
            write(parent, 0);
        }
        page.parents().clear();
        for (int i = 0; i < ShadowPage.ENTRIES; i++) {
            empty(page, i);
        }
        free.push(page.hpa());
        work.dropped();
        work.flush();
    }

    /** The same, unless it went with another one. */
    void dropIfThere(ShadowPage page) {
        if (isThere(page)) {
            drop(page);
        }
    }

    /** Whether it was not given up. */
    boolean isThere(ShadowPage page) {
        return byHpa.get(page.hpa()) == page;
    }

    /** All are given up that no processor uses; those that are used become empty. */
    void dropAll() {
        for (ShadowPage page : List.copyOf(byHpa.values())) {
            if (page.isInUse()) {
                for (int i = 0; i < ShadowPage.ENTRIES; i++) {
                    empty(page, i);
                }
            } else {
                dropIfThere(page);
            }
        }
        work.flush();
    }

    /** No leaf allows writes to the frame any more. */
    void protect(long gfn) {
        for (long entry : leaves.entries(1, gfn)) {
            long value = memory.read(entry);
            if ((value & GuestEntry.WRITE) != 0) {
                write(entry, value & ~GuestEntry.WRITE);
                work.flush();
            }
        }
        for (int level = 2; level <= PageSize.values().length; level++) {
            long first = gfn & -PageSize.byNumber(level - 1).bytes() >> PageSize.SIZE_4K.shift();
            for (long entry : leaves.entries(level, first)) {
                empty(holding(entry), ShadowPage.indexOf(entry));
                work.flush();
            }
        }
    }

    /** The table that an entry leads to. */
    ShadowPage at(long hpa) {
        ShadowPage page = byHpa.get(hpa);
        if (page == null) {
            throw new IllegalStateException("a shadow entry leads to what is no shadow table");
        }
        return page;
    }

    private ShadowPage holding(long entryHpa) {
        return at(entryHpa & -PageSize.SIZE_4K.bytes());
    }

    long read(ShadowPage page, int index) {
        return memory.read(page.entry(index));
    }

    static boolean isLeaf(ShadowPage page, long entry) {
        return GuestEntry.isPresent(entry) && GuestEntry.isLeaf(entry, page.level());
    }

    private void write(long hpa, long value) {
        memory.write(hpa, value);
        work.edit();
    }

    /** All tables, the oldest first. */
    List<ShadowPage> all() {
        return List.copyOf(byHpa.values());
    }

    void transfer(Snapshot snapshot) {
        long[] given = snapshot.transferResized(
                free.stream().mapToLong(Long::longValue).toArray());
        List<ShadowPage> pages = all();
        int count = snapshot.transfer(pages.size());
        byGfn.transferWatched(snapshot);
        if (snapshot.isLoading()) {
            clear();
            for (long hpa : given) {
                free.add(hpa);
            }
        }
        for (int i = 0; i < count; i++) {
            transferPage(snapshot.isLoading() ? null : pages.get(i), snapshot);
        }
    }

    private void transferPage(@Nullable ShadowPage saved, Snapshot snapshot) {
        long hpa = snapshot.transfer(saved == null ? 0 : saved.hpa());
        ShadowPage.Key key = ShadowPage.Key.transfer(saved == null ? ShadowPage.Key.NONE : saved.key(), snapshot);
        ShadowPage page = saved == null ? new ShadowPage(hpa, key) : saved;
        page.transfer(snapshot);
        if (saved == null) {
            register(page);
            for (int i = 0; i < ShadowPage.ENTRIES; i++) {
                if (isLeaf(page, read(page, i))) {
                    leaves.add(page.level(), page.gfn(i), page.entry(i));
                }
            }
        }
    }

    private void clear() {
        byKey.clear();
        byHpa.clear();
        byGfn.clearTables();
        leaves.clear();
        free.clear();
    }
}
