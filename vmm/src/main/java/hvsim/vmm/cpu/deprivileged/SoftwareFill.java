package hvsim.vmm.cpu.deprivileged;

import hvsim.cpu.Core;
import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.cpu.Trap;
import hvsim.cpu.Vcpu;
import hvsim.cpu.event.Event;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.state.ExceptionVector;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.memory.UnsupportedGuestException;
import hvsim.vmm.memory.filled.SoftwareFilledMemory;
import hvsim.vmm.memory.shadow.GuestAccess;
import hvsim.vmm.memory.shadow.PagingState;
import hvsim.vmm.memory.shadow.Resident;
import hvsim.vmm.memory.shadow.View;
import java.util.List;

/**
 * The TLB of a VM's guests is filled by the hypervisor. Its own tables are all that CR3 leads to; each virtual processor
 * has a root for its kernel and one for its user, which differ in nothing but their addresses: another root, another
 * address space, and nothing of the last one is left in the TLB.
 */
final class SoftwareFill extends PagingTraps {
    private final SoftwareFilledMemory memory;

    /** By number within the VM, and view. */
    private final long[][] roots;

    /** @param guests the VM's virtual processors, by their numbers */
    SoftwareFill(PhysicalMemory machine, SoftwareFilledMemory memory, List<Guest> guests, Deprivileged.Parts parts) {
        super(guests, parts);
        this.memory = memory;
        this.roots = new long[guests.size()][View.values().length];
        for (Guest guest : guests) {
            for (View view : View.values()) {
                roots[guest.number()][view.ordinal()] = root(machine, guest, image().resident());
            }
        }
    }

    private static long root(PhysicalMemory machine, Guest guest, Resident own) {
        long root = guest.hostFrames().allocate(PageSize.SIZE_4K);
        own.write(machine, root);
        return root;
    }

    @Override
    long root(Vcpu vcpu) {
        return roots[numberOf(vcpu)][view(vcpu).ordinal()];
    }

    /** Software reads the entries of both tables, each as long as a handler of the guest's own would take for one. */
    @Override
    void pageFault(Core core, Trap trap, Program program) {
        Vcpu vcpu = trap.vcpu();
        GuestAccess access = access(trap);
        SoftwareFilledMemory.Miss miss = memory.handle(access);
        program.add(GuestOp.work((long) memory.references() * core.costs().walkReference()));
        switch (miss) {
            case TRANSLATES -> fill(core, access, viewAt(vcpu.virtualCpl()));
            case FAULTS -> vcpu.bounce(Event.pageFault(access.gva(), memory.errorCode()));
            case NON_CANONICAL -> vcpu.bounce(Event.exception(ExceptionVector.GENERAL_PROTECTION, 0));
            case NO_MEMORY -> vcpu.skipOperation();
        }
    }

    private void fill(Core core, GuestAccess access, View view) {
        core.mmu().fill(access.kind(), access.gva(), memory.translation(access, view));
    }

    @Override
    void follow(Core core, Vcpu vcpu, Operation operation, PagingState before, Program program) {
        switch (operation.instruction()) {
            case INVLPG -> image().addInvlpg(program, operation.value() & GuestOp.GVA_MASK);
            case INVPCID, MOV_TO_CR3 -> drop();
            default -> changePaging(vcpu, before);
        }
    }

    private void changePaging(Vcpu vcpu, PagingState before) {
        PagingState after = stateOf(vcpu);
        if (!after.pagesAs(before)) {
            throw new UnsupportedGuestException(vcpu.name()
                    + " has changed its paging mode: the hypervisor has room in address spaces of the one that"
                    + " it starts in");
        }
        if (!after.equals(before)) {
            drop();
        }
    }
}
