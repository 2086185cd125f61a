package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.tlb.AccessKind;
import hvsim.tlb.PageSize;
import hvsim.tlb.Translation;
import org.junit.jupiter.api.Test;

/** Every setting with every page, against the rules of SDM vol. 3 (325384-059US), 4.6 and 4.7, one sentence a line. */
class AccessRightsTest {
    private static final long PE = 1;
    private static final long PG = 1L << 31;
    private static final long WP = 1 << 16;
    private static final long PAE = 1 << 5;
    private static final long SMEP = 1 << 20;
    private static final long SMAP = 1 << 21;
    private static final long PKE = 1 << 22;
    private static final long LME = 1 << 8;
    private static final long NXE = 1 << 11;
    private static final long AC = 1 << 18;

    /** Of keys 0 to 3: all, no writing, nothing, nothing; of 15 nothing. */
    private static final int PKRU = 0b10 << 2 | 0b01 << 4 | 0b11 << 6 | 0b01 << 30;

    private static final int HOST = Translation.NO_SECOND_STAGE;

    /** How accesses are made. */
    private record Setting(
            boolean user,
            boolean implicit,
            PagingMode mode,
            boolean wp,
            boolean smep,
            boolean smap,
            boolean ac,
            boolean pke,
            boolean nxe) {
        static Setting of(int bits, PagingMode mode) {
            return new Setting(
                    (bits & 1) != 0,
                    (bits & 2) != 0,
                    mode,
                    (bits & 4) != 0,
                    (bits & 8) != 0,
                    (bits & 16) != 0,
                    (bits & 32) != 0,
                    (bits & 64) != 0,
                    (bits & 128) != 0);
        }

        AccessRights rights() {
            AccessRights rights = new AccessRights();
            long cr0 = PE | (wp ? WP : 0) | (mode == PagingMode.OFF ? 0 : PG);
            long cr4 = (smep ? SMEP : 0)
                    | (smap ? SMAP : 0)
                    | (pke ? PKE : 0)
                    | (mode == PagingMode.TWO_LEVEL || mode == PagingMode.OFF ? 0 : PAE);
            long efer = (nxe ? NXE : 0) | (mode == PagingMode.FOUR_LEVEL ? LME : 0);
            if (implicit) {
                rights.setImplicit(cr0, cr4, efer, PKRU);
            } else {
                rights.set(user, cr0, cr4, efer, ac ? AC : 0, PKRU);
            }
            return rights;
        }

        boolean supervisorMode() {
            return implicit || !user;
        }

        boolean canForbidExecution() {
            return nxe && (mode == PagingMode.PAE || mode == PagingMode.FOUR_LEVEL);
        }

        boolean allows(int kind, boolean userPage, boolean writable, boolean executable, int key) {
            if (mode == PagingMode.OFF) {
                return true;
            }
            boolean executes = executable || !canForbidExecution();
            if (kind == AccessKind.FETCH) {
                return supervisorMode() ? executes && !(userPage && smep) : userPage && executes;
            }
            boolean writes = kind != AccessKind.READ;
            boolean protectedWrite = writes && (!supervisorMode() || wp);
            if (supervisorMode() && userPage && smap && (implicit || !ac)) {
                return false;
            }
            if (!supervisorMode() && !userPage || protectedWrite && !writable) {
                return false;
            }
            return !userPage || !isKeyDenied(protectedWrite, key);
        }

        boolean isKeyDenied(boolean protectedWrite, int key) {
            boolean accessDisabled = (PKRU >>> 2 * key & 1) != 0;
            boolean writeDisabled = (PKRU >>> 2 * key + 1 & 1) != 0;
            return mode == PagingMode.FOUR_LEVEL && pke && (accessDisabled || protectedWrite && writeDisabled);
        }
    }

    @Test
    void everySettingAllowsWhatTheManualAllows() {
        PagingMode[] modes = {PagingMode.FOUR_LEVEL, PagingMode.PAE, PagingMode.TWO_LEVEL};
        for (PagingMode mode : modes) {
            for (int bits = 0; bits < 256; bits++) {
                Setting setting = Setting.of(bits, mode);
                AccessRights rights = setting.rights();
                for (int page = 0; page < 128; page++) {
                    int key = page >>> 3 == 15 ? 15 : page >>> 3 & 3;
                    compare(setting, rights, (page & 1) != 0, (page & 2) != 0, (page & 4) != 0, key);
                }
            }
        }
    }

    @Test
    void withoutPagingAllIsAllowed() {
        for (int bits = 0; bits < 256; bits++) {
            Setting setting = Setting.of(bits, PagingMode.OFF);
            compare(setting, setting.rights(), true, true, true, 0);
        }
    }

    private static void compare(
            Setting setting, AccessRights rights, boolean user, boolean writable, boolean executable, int key) {
        int flags = (user ? Translation.USER : Translation.SUPERVISOR)
                | (writable ? Translation.GUEST_WRITE : 0)
                | (executable ? Translation.GUEST_EXECUTE : 0);
        long page =
                Translation.withKey(Translation.pack(0x5000, PageSize.SIZE_4K, flags | HOST | Translation.DIRTY), key);
        for (int kind = 0; kind < AccessKind.COUNT; kind++) {
            int k = kind;
            boolean expected = setting.allows(kind, user, writable, executable, key);
            assertEquals(
                    expected,
                    rights.allows(kind, page),
                    () -> setting + " kind " + k + " U " + user + " W " + writable + " X " + executable + " key "
                            + key);
            assertEquals(error(setting, kind), rights.errorCode(kind), () -> setting + " kind " + k);
        }
    }

    private static int error(Setting s, int kind) {
        boolean tellsFetch = s.smep() || s.canForbidExecution();
        return (kind == AccessKind.WRITE || kind == AccessKind.MODIFY ? 2 : 0)
                | (s.supervisorMode() ? 0 : 4)
                | (kind == AccessKind.FETCH && tellsFetch ? 16 : 0);
    }

    @Test
    void theSecondStageAndDirtyFlagsAreNeededByKind() {
        AccessRights rights = new AccessRights();
        rights.set(false, PE | PG | WP, PAE, LME | NXE, 0, 0);
        int[] needed = {
            Translation.HOST_EXECUTE,
            Translation.HOST_READ,
            Translation.HOST_WRITE | Translation.HOST_DIRTY | Translation.DIRTY,
            Translation.HOST_READ | Translation.HOST_WRITE | Translation.HOST_DIRTY | Translation.DIRTY
        };
        int flags = HOST | Translation.DIRTY;
        for (int kind = 0; kind < AccessKind.COUNT; kind++) {
            assertEquals(needed[kind], rights.need(kind) & flags);
        }
    }
}
