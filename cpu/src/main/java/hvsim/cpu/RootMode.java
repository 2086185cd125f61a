package hvsim.cpu;

import hvsim.cpu.state.Registers;
import hvsim.tlb.Snapshot;

/** What the hypervisor has on a core: registers, which are in force while it has the core, and the program that it runs. */
final class RootMode {
    private static final int PROGRAM_WORDS = 256;
    private static final long RFLAGS_AT_EXIT = 2;
    private static final long DR7_AT_EXIT = 0x400;

    private final CoreMode mode;
    private final Mmu mmu;
    private final Registers registers = new Registers();
    private final Program program = new Program(PROGRAM_WORDS);

    RootMode(CoreMode mode, Mmu mmu) {
        this.mode = mode;
        this.mmu = mmu;
    }

    Registers registers() {
        return registers;
    }

    Program program() {
        return program;
    }

    /** The hypervisor has the core. What an exit loads that no field says: SDM vol. 3, 27.5. */
    void enter() {
        mode.enterRoot();
        registers.rflags = RFLAGS_AT_EXIT;
        registers.dr7 = DR7_AT_EXIT;
        registers.interruptibility = 0;
        mmu.tables().enterOneStage(registers, 0);
        mmu.segments().enter(GuestRing.WITH_USER);
        mmu.countForHypervisor(true);
    }

    /** Powers up, without a guest that was left. */
    void start() {
        enter();
        if (loadPdptes()) {
            mmu.tables().enterOneStage(registers, 0);
        }
    }

    /** Returns whether its tables are those of PAE paging, which has registers of its own beside CR3. */
    boolean loadPdptes() {
        return registers.usesPdptes() && mmu.loadPdptes(registers.cr3, registers.pdptes);
    }

    /** The same, after a guest was left: what the hypervisor does about it is to be filled into its program. */
    void enterFromGuest() {
        enter();
        program.clear();
    }

    void transfer(Snapshot snapshot) {
        registers.transfer(snapshot);
        program.transfer(snapshot);
    }
}
