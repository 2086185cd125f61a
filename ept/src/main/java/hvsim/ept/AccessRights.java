package hvsim.ept;

import hvsim.tlb.AccessKind;
import hvsim.tlb.Translation;

/**
 * What accesses need at present, by {@link AccessKind}: the bits that a {@link Translation} must have, the
 * protection keys that forbid it, and what its page fault says (SDM vol. 3, 4.6 and 4.7). The modifiers CR0.WP,
 * CR4.SMEP, SMAP, PKE, PKRU and EFLAGS.AC apply here, at each access, and never to what is cached.
 */
public final class AccessRights {
    private static final int GUEST_BITS_OF_WRITE = Translation.GUEST_WRITE | Translation.DIRTY;
    private static final int HOST_BITS_OF_WRITE = Translation.HOST_WRITE | Translation.HOST_DIRTY;
    private static final long CR0_WP = 1 << 16;
    private static final long CR4_SMEP = 1 << 20;

    private final int[] needs = new int[AccessKind.COUNT];
    private final int[] deniedKeys = new int[AccessKind.COUNT];
    private final int[] faults = new int[AccessKind.COUNT];

    /**
     * From now on accesses are made like this.
     *
     * @param user CPL 3
     * @param pkru rights by protection key
     */
    public void set(boolean user, long cr0, long cr4, long efer, long rflags, int pkru) {
        int mode = user ? Translation.USER : 0;
        boolean smep = (cr4 & CR4_SMEP) != 0;
        boolean writeProtect = user || (cr0 & CR0_WP) != 0;
        needs[AccessKind.FETCH] = mode
                | Translation.GUEST_EXECUTE
                | Translation.HOST_EXECUTE
                | (!user && smep ? Translation.SUPERVISOR : 0);
        needs[AccessKind.READ] = mode | Translation.HOST_READ;
        needs[AccessKind.WRITE] = mode | HOST_BITS_OF_WRITE | (writeProtect ? GUEST_BITS_OF_WRITE : Translation.DIRTY);
        needs[AccessKind.MODIFY] = needs[AccessKind.WRITE] | Translation.HOST_READ;
        int by = user ? NestedWalker.ERROR_USER : 0;
        faults[AccessKind.FETCH] = by | NestedWalker.ERROR_FETCH;
        faults[AccessKind.READ] = by;
        faults[AccessKind.WRITE] = by | NestedWalker.ERROR_WRITE;
        faults[AccessKind.MODIFY] = by | NestedWalker.ERROR_WRITE;
    }

    /** {@link Translation} bits that the access needs. */
    public int need(int kind) {
        return needs[kind];
    }

    /** Bit i: user pages with protection key i may not be accessed so. */
    public int deniedKeys(int kind) {
        return deniedKeys[kind];
    }

    /** Bits that a page fault's error code gets from the access: write, user, fetch. */
    public int errorCode(int kind) {
        return faults[kind];
    }
}
