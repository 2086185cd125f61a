package hvsim.ept;

import hvsim.tlb.AccessKind;
import hvsim.tlb.TlbTag;

/** Tables of a bare machine, written entry by entry, for tests of one walk at a time. */
final class NativeTables {
    static final long ROOT = 0x1000;
    static final long CR0 = 1 | 1 << 16 | 1L << 31;
    static final long PAE = 1 << 5;
    static final long LONG = 1 << 8;
    static final long NXE = 1 << 11;

    /** Present, writable, user, accessed, dirty. */
    static final long USED = 0x67;

    final PhysicalMemory memory = new PhysicalMemory(1L << 46);
    final long[] pdptes = new long[4];
    final WalkCaches caches;
    final NestedWalker walker;
    final AccessRights rights = new AccessRights();
    final Walk walk = new Walk();
    private final TlbTag tags = new TlbTag();

    NativeTables(WalkSpec spec) {
        caches = new WalkCaches(spec);
        walker = new NestedWalker(memory, caches);
    }

    /** Accesses are made under these registers; the root is at {@link #ROOT}. */
    void enter(boolean user, long cr0, long cr4, long efer, int pkru) {
        GuestPaging paging = GuestPaging.of(cr0, cr4, efer);
        walker.enterNative(paging, ROOT, pdptes, tags.of(0, 0, TlbTag.NO_EP4TA));
        rights.set(user, cr0, cr4, efer, 0, pkru);
    }

    void set(long table, long index, long entry) {
        memory.write(table + 8 * index, entry);
    }

    /** An entry of 4 bytes. */
    void setHalf(long table, long index, long entry) {
        long word = table + 4 * index & -8;
        int shift = (index & 1) == 0 ? 0 : 32;
        memory.write(word, memory.read(word) & ~(0xFFFF_FFFFL << shift) | entry << shift);
    }

    long half(long table, long index) {
        return memory.read(table + 4 * index & -8) >>> ((index & 1) == 0 ? 0 : 32) & 0xFFFF_FFFFL;
    }

    boolean read(long gva) {
        return walker.walk(gva, AccessKind.READ, rights, walk);
    }

    boolean write(long gva) {
        return walker.walk(gva, AccessKind.WRITE, rights, walk);
    }

    boolean fetch(long gva) {
        return walker.walk(gva, AccessKind.FETCH, rights, walk);
    }
}
