package hvsim.vmm.cpu.deprivileged;

import hvsim.cpu.Core;
import hvsim.cpu.GuestRing;
import hvsim.cpu.Program;
import hvsim.cpu.Trap;
import hvsim.cpu.Vcpu;
import hvsim.cpu.event.Event;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.state.Registers;
import hvsim.ept.PageFaultCode;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.memory.shadow.GuestAccess;
import hvsim.vmm.memory.shadow.PagingState;
import hvsim.vmm.memory.shadow.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a deprivileged guest's tables mean for its hypervisor: one for the virtual processors of a VM. */
abstract class PagingTraps {
    private final HypervisorImage image;
    private final List<Guest> guests;
    private final GuestRing ring;

    /** Whether translations have to go before a guest runs on the core whose passage is being handled. */
    private boolean drops;

    /** @param guests the VM's virtual processors, by their numbers */
    PagingTraps(List<Guest> guests, Deprivileged.Parts parts) {
        this.image = parts.image();
        this.guests = guests;
        this.ring = parts.ring();
    }

    /** The root for what a virtual processor will do next. */
    abstract long root(Vcpu vcpu);

    /** A page fault, or a miss of a TLB that software fills: the hypervisor's to deal with, or the guest's kernel gets it. */
    abstract void pageFault(Core core, Trap trap, Program program);

    /** An instruction was done that may have changed how the guest's addresses are translated, or drops translations. */
    abstract void follow(Core core, Vcpu vcpu, Operation operation, PagingState before, Program program);

    /**
     * An instruction that may change how the guest's addresses are translated, or drop translations.
     *
     * @return what it raises in place of that, or null
     */
    final @Nullable Event emulate(Core core, Trap trap, Operation operation, Program program) {
        PagingState before = stateOf(trap.vcpu());
        Event raised = core.deprivileging().emulate();
        if (raised == null) {
            follow(core, trap.vcpu(), operation, before, program);
        }
        return raised;
    }

    /** A virtual processor begins a turn on the core whose passage is being handled: others may have had it before. */
    final void beginTurn() {
        drops = true;
    }

    /** Translations have to go before a guest runs on that core. */
    final void drop() {
        drops = true;
    }

    /** Whether they have to. */
    final boolean takeDrop() {
        boolean result = drops;
        drops = false;
        return result;
    }

    /**
     * The root comes into force, if it is not already.
     *
     * @param drops whether translations go in any case
     */
    void addLoad(Core core, Program program, long root, boolean drops) {
        image.addRoot(program, core, root, drops);
    }

    final HypervisorImage image() {
        return image;
    }

    /** Whose eyes a virtual processor's tables are for. */
    final View view(Vcpu vcpu) {
        return vcpu.isBouncing() ? viewAt(0) : viewAt(vcpu.virtualCpl());
    }

    final View viewAt(int virtualCpl) {
        return virtualCpl == 3 || !ring.needsTwoRoots() ? View.AS_IS : View.KERNEL_AT_USER_LEVEL;
    }

    /** Within the VM. */
    final int numberOf(Vcpu vcpu) {
        return guests.get(vcpu.number() - guests.get(0).vcpu().number()).number();
    }

    final void transfer(Snapshot snapshot) {
        drops = snapshot.transfer(drops);
    }

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
