package hvsim.cpu;

import hvsim.tlb.Snapshot;

/**
 * Who has a core, and with what privilege.
 *
 * <pre>
 *   BARE    VMXON      ROOT    VM entry, return to ring 1 or 3     NON_ROOT, DEPRIVILEGED
 *     o --------------> o ---------------------------------------------> o
 *                         <---------------------------------------------
 *                              VM exit, trap
 * </pre>
 */
final class CoreMode {
    private enum Mode {
        /** Without hypervisor. */
        BARE,
        ROOT,
        NON_ROOT,
        /** Without VMX operation, and without the privilege that the guest believes to have. */
        DEPRIVILEGED
    }

    private Mode mode = Mode.BARE;
    private Runner runner = Runner.GUEST;
    private boolean deprivileges;

    boolean isBare() {
        return mode == Mode.BARE;
    }

    boolean isRoot() {
        return mode == Mode.ROOT;
    }

    boolean isNonRoot() {
        return mode == Mode.NON_ROOT;
    }

    boolean isDeprivileged() {
        return mode == Mode.DEPRIVILEGED;
    }

    /** Whether the hypervisor deprivileges its guests. */
    boolean deprivileges() {
        return deprivileges;
    }

    Runner runner() {
        return runner;
    }

    /** Whether it is a hypervisor that runs: in root mode, or a guest's own. */
    boolean runsHypervisor() {
        return runner.isHypervisor();
    }

    /** Whether WRMSR of what runs reaches the core's own local APIC: a hypervisor that emulates means its guest's. */
    boolean reachesLocalApic() {
        return mode != Mode.ROOT && !deprivileges;
    }

    /** The hypervisor will deprivilege its guests. */
    void deprivilege() {
        deprivileges = true;
    }

    void enterBare() {
        enter(Mode.BARE, Runner.GUEST);
    }

    void enterRoot() {
        enter(Mode.ROOT, Runner.HYPERVISOR);
    }

    void enterNonRoot(boolean guestHypervisor) {
        enter(Mode.NON_ROOT, guestHypervisor ? Runner.GUEST_HYPERVISOR : Runner.GUEST);
    }

    void enterDeprivileged() {
        enter(Mode.DEPRIVILEGED, Runner.GUEST);
    }

    private void enter(Mode next, Runner who) {
        mode = next;
        runner = who;
    }

    /** The hypervisor's program comes to what the host does, or back. */
    void passTo(boolean host) {
        runner = host ? Runner.HOST : Runner.HYPERVISOR;
    }

    void transfer(Snapshot snapshot) {
        mode = Mode.values()[snapshot.transfer(mode.ordinal())];
        runner = Runner.values()[snapshot.transfer(runner.ordinal())];
        deprivileges = snapshot.transfer(deprivileges);
    }
}
