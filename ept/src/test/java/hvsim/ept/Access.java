package hvsim.ept;

import hvsim.tlb.AccessKind;
import java.util.SplittableRandom;

/**
 * One access to memory, in the manual's words (SDM vol. 3, 4.6).
 *
 * @param kind as {@link AccessKind}
 * @param user made at CPL 3
 * @param implicit to a system structure (GDT, LDT, IDT, TSS): a supervisor-mode access at any CPL
 */
record Access(int kind, boolean user, boolean implicit) {
    static final Access USER_READ = new Access(AccessKind.READ, true, false);
    static final Access USER_WRITE = new Access(AccessKind.WRITE, true, false);

    static Access random(SplittableRandom random) {
        int kind = random.nextInt(AccessKind.COUNT);
        return new Access(kind, random.nextBoolean(), kind != AccessKind.FETCH && random.nextInt(8) == 0);
    }

    boolean read() {
        return kind == AccessKind.READ || kind == AccessKind.MODIFY;
    }

    boolean write() {
        return kind == AccessKind.WRITE || kind == AccessKind.MODIFY;
    }

    boolean fetch() {
        return kind == AccessKind.FETCH;
    }

    boolean isUserMode() {
        return user && !implicit;
    }

    /** As a core states it: an implicit access is one of a supervisor whom EFLAGS.AC does not help. */
    AccessRights rights(Registers r) {
        AccessRights rights = new AccessRights();
        rights.set(
                isUserMode(), r.cr0(), r.cr4(), r.efer(), implicit ? r.rflags() & ~Registers.AC : r.rflags(), r.pkru());
        return rights;
    }
}
