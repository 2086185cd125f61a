package hvsim.vmm.cpu.deprivileged;

import hvsim.cpu.Core;
import hvsim.cpu.GuestOp;
import hvsim.cpu.GuestRing;
import hvsim.cpu.Program;
import hvsim.cpu.Trap;
import hvsim.cpu.Vcpu;
import hvsim.cpu.event.Event;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.state.ExceptionVector;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.memory.UnsupportedGuestException;
import hvsim.vmm.memory.filled.SoftwareFilledMemory;
import hvsim.vmm.memory.shadow.GuestAccess;
import hvsim.vmm.memory.shadow.PagingState;
import hvsim.vmm.memory.shadow.Resident;
import hvsim.vmm.memory.shadow.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The TLB of a VM's guests is filled by the hypervisor. Its own tables are all that CR3 leads to; each virtual processor
 * has a root for its kernel and one for its user, which differ in nothing but their addresses: another root, another
 * address space, and nothing of the last one is left in the TLB.
 */
final class SoftwareFill implements PagingTraps {
    private final HypervisorImage image;
    private final SoftwareFilledMemory memory;
    private final List<Guest> guests;
    private final GuestRing ring;

    /** By number within the VM, and view. */
    private final long[][] roots;

    private boolean flushes;

    /** @param guests the VM's virtual processors, by their numbers */
    SoftwareFill(PhysicalMemory machine, SoftwareFilledMemory memory, List<Guest> guests, Deprivileged.Parts parts) {
        this.image = parts.image();
        this.memory = memory;
        this.guests = guests;
        this.ring = parts.ring();
        this.roots = new long[guests.size()][View.values().length];
        for (Guest guest : guests) {
            for (View view : View.values()) {
                roots[guest.number()][view.ordinal()] = root(machine, guest, image.resident());
            }
        }
    }

    private static long root(PhysicalMemory machine, Guest guest, Resident own) {
        long root = guest.hostFrames().allocate(PageSize.SIZE_4K);
        machine.write(root + (long) Long.BYTES * own.index(), own.entry());
        return root;
    }

    @Override
    public long root(Vcpu vcpu) {
        int first = guests.get(0).vcpu().number();
        return roots[guests.get(vcpu.number() - first).number()][
                viewAt(vcpu.isBouncing() ? 0 : vcpu.virtualCpl()).ordinal()];
    }

    private View viewAt(int virtualCpl) {
        return virtualCpl == 3 || !ring.needsTwoRoots() ? View.AS_IS : View.KERNEL_AT_USER_LEVEL;
    }

    /** Software reads the entries of both tables, each as long as a handler of the guest's own would take for one. */
    @Override
    public void pageFault(Core core, Trap trap, Program program) {
        Vcpu vcpu = trap.vcpu();
        GuestAccess access = PagingTraps.access(trap);
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
    public @Nullable Event emulate(Core core, Trap trap, Operation operation, Program program) {
        Vcpu vcpu = trap.vcpu();
        PagingState before = PagingTraps.stateOf(vcpu);
        Event raised = core.deprivileging().emulate();
        if (raised != null) {
            return raised;
        }
        switch (operation.instruction()) {
            case INVLPG -> image.addInvlpg(program, operation.value() & GuestOp.GVA_MASK);
            case INVPCID, MOV_TO_CR3 -> flushes = true;
            default -> changePaging(vcpu, before);
        }
        return null;
    }

    private void changePaging(Vcpu vcpu, PagingState before) {
        PagingState after = PagingTraps.stateOf(vcpu);
        if (!after.pagesAs(before)) {
            throw new UnsupportedGuestException(
                    vcpu.name()
                            + " has changed its paging mode: the hypervisor has room in address spaces of the one that it starts in");
        }
        flushes |= !after.equals(before);
    }

    /** Others may have had the core, and what they left there is not this one's. */
    @Override
    public void beginTurn() {
        flushes = true;
    }

    @Override
    public void addLoad(Core core, Program program, long root, boolean drops) {
        image.addRoot(program, core, root, drops);
    }

    @Override
    public boolean takeFlush() {
        boolean result = flushes;
        flushes = false;
        return result;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        flushes = snapshot.transfer(flushes);
    }
}
