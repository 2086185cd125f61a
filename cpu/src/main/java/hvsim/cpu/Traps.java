package hvsim.cpu;

import hvsim.cpu.event.TrapReason;

/** Ways into a hypervisor that deprivileges its guests, and back: no register is saved but by software. */
final class Traps {
    private final Core core;
    private final Mmu mmu;
    private final RootMode root;
    private final ExitUnderWay exit;
    private final TransitionCounts counts;

    Traps(Core core, Mmu mmu, RootMode root, ExitUnderWay exit, TransitionCounts counts) {
        this.core = core;
        this.mmu = mmu;
        this.root = root;
        this.exit = exit;
        this.counts = counts;
    }

    /** Powers up under registers that the hypervisor has loaded. */
    void start() {
        core.mode().deprivilege();
        root.start();
    }

    /** A deprivileged guest is left, and no translation dropped. Returns false: run has to come back. */
    boolean leave(TrapReason reason, int cycles) {
        exit.begin(core.vcpu(), reason, core.clock());
        counts.exit(core.clock());
        core.events().left();
        core.spend(CyclePart.TRANSITIONS, cycles);
        root.enterFromGuest();
        return core.request().make(RunOutcome.TRAP);
    }

    /** The loaded virtual processor goes on under the registers in force, within its segments. */
    void goBack(int cycles, GuestRing ring) {
        core.spend(CyclePart.TRANSITIONS, cycles);
        core.mode().enterDeprivileged();
        mmu.tables().enterOneStage(root.registers(), 0);
        mmu.segments().enter(ring);
        mmu.tables().trapMisses();
        mmu.countForHypervisor(false);
        counts.enter(core.clock());
        exit.end(core.clock());
        core.events().arm();
    }
}
