package hvsim.vmm.memory.shadow;

import hvsim.cpu.state.Registers;
import hvsim.ept.GuestEntry;
import hvsim.ept.PagingMode;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.Frames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which shadow tables the CR3 of each virtual processor leads to. A guest with 4 or 5 levels has one root table. All
 * others run under PAE paging, and have a page-directory-pointer table of the hypervisor's own:
 *
 * <pre>
 *   guest      CR3 -> root, level 4 or 5     PDPTEs 0 to 3 -> level 2     CR3 -> level 2      no paging
 *   shadow     CR3'-> root                   CR3'-> 4 entries -> level 2  -> its four parts   -> four tables of 1 GiB
 * </pre>
 *
 * As the guest's processor would, it knows those entries from when CR3 was loaded.
 */
final class ShadowRoots {
    private static final int FRAME_SHIFT = PageSize.SIZE_4K.shift();
    private static final int DIRECTORY_SHIFT = 30;
    private static final int DIRECTORIES = 4;
    static final int DIRECTORY_LEVEL = 2;
    private static final long PDPT = 0xFFFF_FFE0L;
    private static final long NO_ROOT = -1;

    private final PhysicalMemory memory;
    private final PagingMode paging;
    private final GuestTables guest;
    private final ShadowTables tables;
    private final Shadowing shadowing;
    private final ShadowWork work;

    /** How many root tables are kept. */
    private final int most;

    /** By virtual processor of the VM: its address space, and the shadow of that. */
    private final long[] guestCr3;

    private final long[][] guestPdptes;

    private final @Nullable ShadowPage[][] roots;

    /** Those before, in which a hypervisor that lives in its guests' address spaces may still be. */
    private final @Nullable ShadowPage[][] left;

    private boolean keepsLeft;

    /** By virtual processor: the table that takes the place of a root table under PAE paging. */
    private final long[] pointers;

    /** Keys of the root tables that are kept, the one used last at the end. */
    private final List<ShadowPage.Key> kept = new ArrayList<>();

    /** @param low frames below 4 GiB */
    ShadowRoots(
            PhysicalMemory memory,
            PagingMode paging,
            GuestTables guest,
            ShadowTables tables,
            Shadowing shadowing,
            ShadowWork work,
            Frames low,
            int kept,
            int vcpus) {
        this.memory = memory;
        this.paging = paging;
        this.guest = guest;
        this.tables = tables;
        this.shadowing = shadowing;
        this.work = work;
        this.most = kept * count();
        this.guestCr3 = new long[vcpus];
        this.guestPdptes = new long[vcpus][DIRECTORIES];
        this.roots = new ShadowPage[vcpus][count()];
        this.left = new ShadowPage[vcpus][count()];
        this.pointers = new long[vcpus];
        for (int vcpu = 0; vcpu < vcpus && !paging.isLong(); vcpu++) {
            pointers[vcpu] = low.allocate(PageSize.SIZE_4K);
        }
    }

    private int count() {
        return paging.isLong() ? 1 : DIRECTORIES;
    }

    /** CR3 of a virtual processor as the guest believes it to be. */
    long guestCr3(int vcpu) {
        return guestCr3[vcpu];
    }

    /** What its processor would have in the registers of PAE paging. */
    long[] guestPdptes(int vcpu) {
        return guestPdptes[vcpu];
    }

    /** A virtual processor loads CR3. */
    long enter(int vcpu, long cr3, View view) {
        guestCr3[vcpu] = cr3;
        for (int i = 0; i < DIRECTORIES && paging == PagingMode.PAE; i++) {
            long at = cr3 & PDPT;
            work.reads(1);
            guestPdptes[vcpu][i] = guest.quadword(at + (long) i * Long.BYTES);
        }
        return use(vcpu, view);
    }

    /** The same address space, for other eyes. */
    long show(int vcpu, View view) {
        return rootOf(vcpu, 0).key().view() == view ? machineAddress(vcpu) : use(vcpu, view);
    }

    private long machineAddress(int vcpu) {
        return paging.isLong() ? rootOf(vcpu, 0).hpa() : pointers[vcpu];
    }

    /** The root table that has an address. */
    ShadowPage rootOf(int vcpu, long gva) {
        ShadowPage root = roots[vcpu][paging.isLong() ? 0 : (int) (gva >>> DIRECTORY_SHIFT) & DIRECTORIES - 1];
        if (root == null) {
            throw new IllegalStateException("virtual processor " + vcpu + " has no address space there");
        }
        return root;
    }

    /** All root tables that a virtual processor has for an address, for whatever eyes. */
    List<ShadowPage> allOf(int vcpu, long gva) {
        ShadowPage root = roots[vcpu][paging.isLong() ? 0 : (int) (gva >>> DIRECTORY_SHIFT) & DIRECTORIES - 1];
        List<ShadowPage> all = new ArrayList<>();
        for (View view : View.values()) {
            ShadowPage seen = root == null ? null : tables.find(root.key().seenAs(view));
            if (seen != null) {
                all.add(seen);
            }
        }
        return all;
    }

    private long use(int vcpu, View view) {
        ShadowPage.@Nullable Key[] keys = new ShadowPage.Key[count()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = keyOf(vcpu, i, view);
        }
        @Nullable ShadowPage[] before = roots[vcpu];
        roots[vcpu] = shadowing.roots(keys);
        for (ShadowPage root : roots[vcpu]) {
            if (root != null) {
                root.use();
                kept.remove(root.key());
                kept.add(root.key());
            }
        }
        leave(vcpu, before);
        forgetOldest();
        if (!paging.isLong()) {
            point(vcpu);
        }
        return machineAddress(vcpu);
    }

    private void leave(int vcpu, @Nullable ShadowPage[] before) {
        @Nullable ShadowPage[] gone = before;
        if (keepsLeft && !Arrays.equals(before, roots[vcpu])) {
            gone = left[vcpu];
            left[vcpu] = before;
        }
        for (ShadowPage root : gone) {
            if (root != null) {
                root.leave();
            }
        }
    }

    /** What is left is kept until the next is: the hypervisor stands on it while it loads another. */
    void keepLeft() {
        keepsLeft = true;
    }

    private ShadowPage.@Nullable Key keyOf(int vcpu, int number, View view) {
        long gfn = (guestCr3[vcpu] & Registers.CR3_ROOT) >>> FRAME_SHIFT;
        return switch (paging) {
            case FOUR_LEVEL, FIVE_LEVEL -> new ShadowPage.Key(gfn, paging.levels(), Rights.ALL, false, 0, view);
            case TWO_LEVEL -> new ShadowPage.Key(gfn, DIRECTORY_LEVEL, Rights.ALL, false, number, view);
            case PAE -> {
                long pdpte = guestPdptes[vcpu][number];
                long directory = (pdpte & GuestEntry.ADDRESS) >>> FRAME_SHIFT;
                yield GuestEntry.isPresent(pdpte)
                        ? new ShadowPage.Key(directory, DIRECTORY_LEVEL, Rights.ALL, false, number, view)
                        : null;
            }
            case OFF -> {
                long first = (long) number << DIRECTORY_SHIFT - FRAME_SHIFT;
                yield new ShadowPage.Key(first, DIRECTORY_LEVEL, Rights.ALL, true, 0, view);
            }
        };
    }

    private void point(int vcpu) {
        for (int i = 0; i < DIRECTORIES; i++) {
            ShadowPage root = roots[vcpu][i];
            long entry = root == null ? 0 : root.hpa() | GuestEntry.PRESENT;
            memory.write(pointers[vcpu] + (long) i * Long.BYTES, entry);
            work.edit();
        }
    }

    private void forgetOldest() {
        for (int i = 0; kept.size() > most && i < kept.size(); ) {
            ShadowPage page = tables.find(kept.get(i));
            if (page != null && page.isInUse()) {
                i++;
                continue;
            }
            kept.remove(i);
            if (page != null) {
                tables.drop(page);
            }
        }
    }

    /** No table is kept that nobody uses. */
    void clear() {
        kept.clear();
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(guestCr3);
        for (int vcpu = 0; vcpu < roots.length; vcpu++) {
            snapshot.transfer(guestPdptes[vcpu]);
            for (int i = 0; i < count(); i++) {
                roots[vcpu][i] = transferred(roots[vcpu][i], snapshot);
                left[vcpu][i] = transferred(left[vcpu][i], snapshot);
            }
        }
        int count = snapshot.transfer(kept.size());
        List<ShadowPage.Key> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ShadowPage.Key key = snapshot.isLoading() ? ShadowPage.Key.NONE : kept.get(i);
            keys.add(ShadowPage.Key.transfer(key, snapshot));
        }
        if (snapshot.isLoading()) {
            kept.clear();
            kept.addAll(keys);
        }
    }

    private @Nullable ShadowPage transferred(@Nullable ShadowPage root, Snapshot snapshot) {
        long hpa = snapshot.transfer(root == null ? NO_ROOT : root.hpa());
        return hpa == NO_ROOT ? null : tables.at(hpa);
    }
}
