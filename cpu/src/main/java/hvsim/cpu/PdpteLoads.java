package hvsim.cpu;

import hvsim.cpu.instruction.ControlRegisterValues;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.instruction.Processor;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.VmxControl;

/**
 * Moves to control registers that load the four registers of PAE paging on the way. Where that is stopped, the
 * instruction does nothing else.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 4.4.1.
 */
final class PdpteLoads {
    private static final long CR0_BITS = Registers.CR0_CD | Registers.CR0_NW | Registers.CR0_PG;
    private static final long CR4_BITS = Registers.CR4_PAE | Registers.CR4_PGE | Registers.CR4_PSE | Registers.CR4_SMEP;

    private final Core core;
    private final Mmu mmu;

    PdpteLoads(Core core, Mmu mmu) {
        this.core = core;
        this.mmu = mmu;
    }

    /** Whether the instruction, which neither faults nor exits by itself, loads the registers. */
    static boolean areDueIn(Operation o, Processor p) {
        Registers r = p.registers();
        return switch (o.instruction()) {
            case MOV_TO_CR3 -> r.usesPdptes();
            case MOV_TO_CR0 -> {
                long after = ControlRegisterValues.cr0After(o.value(), p);
                yield (after & Registers.CR0_PG) != 0
                        && (r.cr4 & Registers.CR4_PAE) != 0
                        && (r.efer & Registers.EFER_LME) == 0
                        && ((after ^ r.cr0) & CR0_BITS) != 0;
            }
            case MOV_TO_CR4 -> {
                long after = ControlRegisterValues.cr4After(o.value(), p);
                yield (r.cr0 & Registers.CR0_PG) != 0
                        && (after & Registers.CR4_PAE) != 0
                        && !r.isLongMode()
                        && ((after ^ r.cr4) & CR4_BITS) != 0;
            }
            default -> false;
        };
    }

    /** The physical address of the table is in CR3 as the instruction leaves it. */
    private static long cr3After(Operation o, Processor p) {
        return switch (o.instruction()) {
            case MOV_TO_CR3 -> o.value();
            default -> p.registers().cr3;
        };
    }

    /** Loads them where that is due; false if it is stopped, and {@link Mmu#walk} says by what. */
    boolean load(Operation o, Processor p) {
        if (!areDueIn(o, p)) {
            return true;
        }
        boolean loaded = mmu.loadPdptes(cr3After(o, p), p.registers().pdptes);
        core.spend(CyclePart.GUEST_WALK, mmu.guestWalkCycles());
        core.spend(CyclePart.SECOND_STAGE_WALK, mmu.secondStageCycles());
        return loaded;
    }

    /**
     * The hypervisor does so for a guest, free of charge; false if an entry is none, or the guest has no memory there.
     * Without a second stage its tables are in force, and it looks at the guest's by itself.
     */
    boolean loadForGuest(Operation o, Processor p) {
        if (!areDueIn(o, p) || !p.vmcs().has(VmxControl.ENABLE_EPT)) {
            return true;
        }
        mmu.tables().enterTwoStages(p.registers(), p.vmcs());
        boolean loaded = mmu.loadPdptes(cr3After(o, p), p.registers().pdptes);
        mmu.tables().enterOneStage(core.transitions().hostRegisters(), 0);
        return loaded;
    }
}
