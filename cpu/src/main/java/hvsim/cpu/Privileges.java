package hvsim.cpu;

import hvsim.cpu.state.Registers;
import hvsim.ept.AccessRights;
import hvsim.tlb.Front;

/**
 * What accesses need at the privilege level and under the registers in force (SDM vol. 3, 4.6): rights for each mode
 * that the front tells apart, made anew when a register changes that they depend on.
 */
final class Privileges {
    private static final int NO_MODE = -1;
    private static final int SUPERVISOR = 0;
    private static final int USER = 1;
    private static final int SUPERVISOR_WITH_AC = 2;

    /** CPL 1 and 2: what is within reach is less than at CPL 0, by segments. */
    private static final int BEHIND_SEGMENTS = 3;

    private final Front front;
    private final AccessRights[] byMode = {
        new AccessRights(), new AccessRights(), new AccessRights(), new AccessRights()
    };
    private AccessRights rights = byMode[SUPERVISOR];
    private int mode = NO_MODE;
    private long cr0;
    private long cr4;
    private long efer;
    private int pkru;

    Privileges(Front front) {
        this.front = front;
        setRights();
    }

    /** Of accesses made now. */
    AccessRights rights() {
        return rights;
    }

    /** Called for every batch: costs nothing while nothing changes. */
    void enter(Registers r, int cpl) {
        int newMode = mode(cpl, (r.rflags & Registers.RFLAGS_AC) != 0);
        boolean same = r.cr0 == cr0 && r.cr4 == cr4 && r.efer == efer && r.pkru == pkru;
        if (same && newMode == mode) {
            return;
        }
        if (!same) {
            cr0 = r.cr0;
            cr4 = r.cr4;
            efer = r.efer;
            pkru = r.pkru;
            front.forget();
            setRights();
        }
        mode = newMode;
        rights = byMode[mode];
        front.enterMode(mode);
    }

    private static int mode(int cpl, boolean alignmentCheck) {
        return switch (cpl) {
            case 0 -> alignmentCheck ? SUPERVISOR_WITH_AC : SUPERVISOR;
            case 1, 2 -> BEHIND_SEGMENTS;
            default -> USER;
        };
    }

    private void setRights() {
        for (int m = 0; m < byMode.length; m++) {
            byMode[m].set(m == USER, cr0, cr4, efer, m == SUPERVISOR_WITH_AC ? Registers.RFLAGS_AC : 0, pkru);
        }
    }
}
