package hvsim.vmm.cpu.deprivileged;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.cpu.Trap;
import hvsim.cpu.Vcpu;
import hvsim.cpu.event.Event;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.state.Registers;
import hvsim.ept.PageFaultCode;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.shadow.GuestAccess;
import hvsim.vmm.memory.shadow.PagingState;
import org.jspecify.annotations.Nullable;

/** What a deprivileged guest's tables mean for its hypervisor: one for the virtual processors of a VM. */
interface PagingTraps {
    /** The root for what a virtual processor will do next. */
    long root(Vcpu vcpu);

    /** A page fault, or a miss of a TLB that software fills: the hypervisor's to deal with, or the guest's kernel gets it. */
    void pageFault(Core core, Trap trap, Program program);

    /**
     * An instruction that may change how the guest's addresses are translated, or drop translations.
     *
     * @return what it raises in place of that, or null
     */
    @Nullable
    Event emulate(Core core, Trap trap, Operation operation, Program program);

    /** A virtual processor begins a turn on the core whose passage is being handled. */
    void beginTurn();

    /** Whether translations have to go before a guest runs on that core. */
    boolean takeFlush();

    /**
     * The root comes into force, if it is not already.
     *
     * @param drops whether translations go in any case
     */
    void addLoad(Core core, Program program, long root, boolean drops);

    void transfer(Snapshot snapshot);

    /** The access that has trapped, made with the privilege that the guest believes to have. */
    static GuestAccess access(Trap trap) {
        Vcpu vcpu = trap.vcpu();
        int privilege = vcpu.virtualCpl() == 3 ? PageFaultCode.USER : 0;
        int errorCode = trap.cause().errorCode() & ~PageFaultCode.USER | privilege;
        return new GuestAccess(stateOf(vcpu), trap.cause().information(), errorCode, vcpu.referencedBytes());
    }

    static PagingState stateOf(Vcpu vcpu) {
        Registers r = vcpu.registers();
        return new PagingState(r.cr0, r.cr3, r.cr4, r.efer, r.rflags, r.pkru);
    }
}
