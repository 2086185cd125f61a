package hvsim.ept;

import hvsim.tlb.Translation;
import java.util.SplittableRandom;

/**
 * One access to memory, in the manual's words.
 *
 * @param user user-mode rather than supervisor-mode
 * @param writeProtect CR0.WP
 * @param keepOffUserPages SMEP or SMAP: a supervisor-mode access may not touch user pages
 */
record Access(
        boolean read, boolean write, boolean fetch, boolean user, boolean writeProtect, boolean keepOffUserPages) {
    static final Access USER_READ = new Access(true, false, false, true, true, false);
    static final Access USER_WRITE = new Access(false, true, false, true, true, false);

    static Access random(SplittableRandom random) {
        int kind = random.nextInt(4);
        return new Access(
                kind == 0 || kind == 3,
                kind == 1 || kind == 3,
                kind == 2,
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextInt(8) == 0);
    }

    /** The same without SMEP and SMAP, under which more rights of users are fewer of supervisors. */
    Access onUserPagesToo() {
        return new Access(read, write, fetch, user, writeProtect, false);
    }

    /** Bits of the translation that the access needs, as the core states them. */
    int need() {
        return (user ? Translation.USER : keepOffUserPages ? Translation.SUPERVISOR : 0)
                | (read ? Translation.HOST_READ : 0)
                | (write ? Translation.HOST_WRITE | Translation.DIRTY | Translation.HOST_DIRTY : 0)
                | (write && (user || writeProtect) ? Translation.GUEST_WRITE : 0)
                | (fetch ? Translation.GUEST_EXECUTE | Translation.HOST_EXECUTE : 0);
    }

    /** Bits that a page fault's error code has of the access. */
    int fault() {
        return (write ? 2 : 0) | (user ? 4 : 0) | (fetch ? 16 : 0);
    }
}
