package hvsim.vmm.memory.direct;

import hvsim.ept.GuestEntry;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.Frames;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * The root tables that a guest has registered, and which of them its virtual processors are in. Under PAE paging CR3 has 32
 * bits, so a virtual processor's four entries are copied to where it reaches: Xen's {@code pae_l3_cache}.
 */
final class Roots {
    /** In the place of an address. */
    static final long NONE = -1;

    /** With 4 levels the lowest entry of the upper half leads to all that is the kernel's. */
    private static final int OF_KERNEL = 256;

    private final PhysicalMemory memory;
    private final DirectLayout layout;

    /** By guest-physical address of a kernel's root table: that of its user's, which has all but the kernel's pages. */
    private final TreeMap<Long, Long> userRoots = new TreeMap<>();

    /** By virtual processor of the VM: the kernel's root table that it uses. */
    private final long[] base;

    /** The user's of that, or {@link #NONE}. */
    private final long[] userBase;

    /** By virtual processor: machine address of the copy. */
    private final long[] copies;

    /** @param low frames below 4 GiB */
    Roots(PhysicalMemory memory, DirectLayout layout, Frames low, int vcpus) {
        this.memory = memory;
        this.layout = layout;
        this.base = new long[vcpus];
        this.copies = new long[layout.keepsRootEntries() ? vcpus : 0];
        this.userBase = new long[vcpus];
        Arrays.fill(base, NONE);
        Arrays.fill(userBase, NONE);
        Arrays.setAll(copies, vcpu -> low.allocate(PageSize.SIZE_4K));
    }

    /** @param userRootGpa {@link #NONE} where an address space has one root */
    void add(long rootGpa, long userRootGpa) {
        userRoots.put(rootGpa, userRootGpa);
    }

    /**
     * @return guest-physical address of the user's root table, or {@link #NONE}
     * @throws IllegalStateException if no root table is registered there
     */
    long remove(long rootGpa) {
        Long userRootGpa = userRoots.remove(rootGpa);
        if (userRootGpa == null) {
            throw new IllegalStateException("no root table is registered at 0x" + Long.toHexString(rootGpa));
        }
        return userRootGpa;
    }

    boolean has(long rootGpa) {
        return userRoots.containsKey(rootGpa);
    }

    /** The user's root of an address space, if it has one that is to have the entry too, or {@link #NONE}. */
    long userRootFor(long rootGpa, int index) {
        return index == OF_KERNEL ? NONE : userRoots.getOrDefault(rootGpa, NONE);
    }

    /** Whether a virtual processor has the entries of a root table in registers. */
    boolean isInRegisters(long rootGpa) {
        return layout.keepsRootEntries() && Arrays.stream(base).anyMatch(used -> used == rootGpa);
    }

    /**
     * A virtual processor enters an address space.
     *
     * @param rootHpa machine address of its root table
     * @return false if the hypervisor is not in it
     */
    boolean enter(int vcpu, long rootGpa, long rootHpa) {
        if (layout.keepsRootEntries()) {
            int entries = layout.entries(layout.root());
            if (!GuestEntry.isPresent(memory.read(rootHpa + (entries - 1L) * Long.BYTES))) {
                return false;
            }
            for (long at = 0; at < (long) entries * Long.BYTES; at += Long.BYTES) {
                memory.write(copies[vcpu] + at, memory.read(rootHpa + at));
            }
        }
        base[vcpu] = rootGpa;
        userBase[vcpu] = userRoots.getOrDefault(rootGpa, NONE);
        return true;
    }

    /** Guest-physical address of the root table for a virtual processor's kernel, or for its user. */
    long of(int vcpu, boolean forKernel) {
        return forKernel || userBase[vcpu] == NONE ? base[vcpu] : userBase[vcpu];
    }

    /** All root tables that a virtual processor has. */
    long[] all(int vcpu) {
        return LongStream.of(base[vcpu], userBase[vcpu])
                .filter(root -> root != NONE)
                .toArray();
    }

    /** What goes into CR3 where entries are copied, or {@link #NONE}. */
    long copy(int vcpu) {
        return layout.keepsRootEntries() ? copies[vcpu] : NONE;
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(base);
        snapshot.transfer(userBase);
        long[] pairs = new long[2 * snapshot.transfer(userRoots.size())];
        int at = 0;
        for (Map.Entry<Long, Long> pair :
                snapshot.isLoading() ? Map.<Long, Long>of().entrySet() : userRoots.entrySet()) {
            pairs[at++] = pair.getKey();
            pairs[at++] = pair.getValue();
        }
        snapshot.transfer(pairs);
        userRoots.clear();
        for (int i = 0; i < pairs.length; i += 2) {
            userRoots.put(pairs[i], pairs[i + 1]);
        }
    }
}
