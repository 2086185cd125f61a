package hvsim.ept;

import hvsim.tlb.AccessKind;
import hvsim.tlb.Translation;

/**
 * What accesses need at present, by {@link AccessKind}: the bits that a {@link Translation} must have, the
 * protection keys that forbid it, and what its page fault says (SDM vol. 3, 4.6 and 4.7). The modifiers CR0.WP,
 * CR4.SMEP, SMAP, PKE, PKRU and EFLAGS.AC apply here, at each access, and never to what is cached.
 */
public final class AccessRights {
    private static final int HOST_BITS_OF_WRITE = Translation.HOST_WRITE | Translation.HOST_DIRTY;
    private static final long CR0_WP = 1 << 16;
    private static final long CR4_SMEP = 1 << 20;
    private static final long CR4_SMAP = 1 << 21;
    private static final long CR4_PKE = 1 << 22;
    private static final long RFLAGS_AC = 1 << 18;
    private static final int PKRU_ACCESS_DISABLE = 0;
    private static final int PKRU_WRITE_DISABLE = 1;
    private static final int KEYS = 16;

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
        set(user, (rflags & RFLAGS_AC) != 0, cr0, cr4, efer, pkru);
    }

    /**
     * From now on accesses are implicit ones by the system (to descriptor tables, the TSS): supervisor-mode at any CPL,
     * and EFLAGS.AC is of no use to them.
     */
    public void setImplicit(long cr0, long cr4, long efer, int pkru) {
        set(false, false, cr0, cr4, efer, pkru);
    }

    private void set(boolean user, boolean alignmentCheck, long cr0, long cr4, long efer, int pkru) {
        GuestPaging paging = GuestPaging.of(cr0, cr4, efer);
        boolean supervisorWithPaging = !user && paging.mode() != PagingMode.OFF;
        boolean smep = supervisorWithPaging && (cr4 & CR4_SMEP) != 0;
        boolean smap = supervisorWithPaging && (cr4 & CR4_SMAP) != 0 && !alignmentCheck;
        boolean writeProtect = user || (cr0 & CR0_WP) != 0;
        boolean noExecute = paging.canForbidExecution();

        int fetch = (user ? Translation.USER : 0) | (smep ? Translation.SUPERVISOR : 0);
        int data = (user ? Translation.USER : 0) | (smap ? Translation.SUPERVISOR : 0);
        int write = data | HOST_BITS_OF_WRITE | Translation.DIRTY | (writeProtect ? Translation.GUEST_WRITE : 0);
        needs[AccessKind.FETCH] = fetch | Translation.HOST_EXECUTE | (noExecute ? Translation.GUEST_EXECUTE : 0);
        needs[AccessKind.READ] = data | Translation.HOST_READ;
        needs[AccessKind.WRITE] = write;
        needs[AccessKind.MODIFY] = write | Translation.HOST_READ;

        int by = user ? PageFaultCode.USER : 0;
        boolean tellsFetch = (cr4 & CR4_SMEP) != 0 || noExecute;
        faults[AccessKind.FETCH] = by | (tellsFetch ? PageFaultCode.FETCH : 0);
        faults[AccessKind.READ] = by;
        faults[AccessKind.WRITE] = by | PageFaultCode.WRITE;
        faults[AccessKind.MODIFY] = by | PageFaultCode.WRITE;

        boolean keys = paging.mode().isLong() && (cr4 & CR4_PKE) != 0;
        int noAccess = keys ? keysWith(PKRU_ACCESS_DISABLE, pkru) : 0;
        int noWrite = noAccess | (keys && writeProtect ? keysWith(PKRU_WRITE_DISABLE, pkru) : 0);
        deniedKeys[AccessKind.READ] = noAccess;
        deniedKeys[AccessKind.WRITE] = noWrite;
        deniedKeys[AccessKind.MODIFY] = noWrite;
    }

    private static int keysWith(int bit, int pkru) {
        int keys = 0;
        for (int key = 0; key < KEYS; key++) {
            keys |= (pkru >>> 2 * key + bit & 1) << key;
        }
        return keys;
    }

    /** {@link Translation} bits that the access needs. */
    public int need(int kind) {
        return needs[kind];
    }

    /** Bit i: user pages with protection key i may not be accessed so. */
    public int deniedKeys(int kind) {
        return deniedKeys[kind];
    }

    /** Whether a cached translation may be used for the access. */
    public boolean allows(int kind, long translation) {
        int need = needs[kind];
        return (translation & need) == need && (deniedKeys[kind] == 0 || !isKeyDenied(deniedKeys[kind], translation));
    }

    /** Whether the page is a user page with one of the denied keys (SDM vol. 3, 4.6.2). */
    static boolean isKeyDenied(int deniedKeys, long translation) {
        return (translation & Translation.USER) != 0 && (deniedKeys >>> Translation.key(translation) & 1) != 0;
    }

    /** Bits that a page fault's error code gets from the access: write, user, fetch. */
    public int errorCode(int kind) {
        return faults[kind];
    }
}
