package hvsim.vmm.cpu.deprivileged;

import hvsim.cpu.Core;
import hvsim.cpu.GuestOp;
import hvsim.cpu.GuestRing;
import hvsim.cpu.Program;
import hvsim.cpu.Trap;
import hvsim.cpu.Vcpu;
import hvsim.cpu.event.Event;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.state.Registers;
import hvsim.ept.PageTable;
import hvsim.tlb.Invalidation;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.memory.UnsupportedGuestException;
import hvsim.vmm.memory.shadow.GuestAccess;
import hvsim.vmm.memory.shadow.PagingState;
import hvsim.vmm.memory.shadow.ShadowMemory;
import hvsim.vmm.memory.shadow.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shadow tables of one VM whose guest runs deprivileged. Where its kernel is at CPL 3, too, of each address space the
 * kernel sees all, the user its own pages: which of the two roots is in force says the privilege that the guest believes
 * to have. A kernel at CPL 1 shares one root with its users.
 */
final class ShadowTraps implements PagingTraps {
    private final HypervisorImage image;
    private final ShadowMemory memory;
    private final OtherCores others;
    private final List<Guest> guests;
    private final GuestRing ring;

    /** Whether translations have to go before a guest runs on the core whose trap is being handled. */
    private boolean flushes;

    /** @param guests the VM's virtual processors, by their numbers */
    ShadowTraps(List<Guest> guests, Deprivileged.Parts parts) {
        this.image = parts.image();
        this.memory = (ShadowMemory) guests.get(0).memory();
        this.others = new OtherCores(parts, guests);
        this.guests = guests;
        this.ring = parts.ring();
        memory.keep(image.resident());
        for (Guest guest : guests) {
            memory.enter(guest.number(), guest.vcpu().registers().cr3, View.AS_IS);
        }
    }

    @Override
    public long root(Vcpu vcpu) {
        return memory.show(numberOf(vcpu), viewAt(vcpu.isBouncing() ? 0 : vcpu.virtualCpl()));
    }

    private View viewAt(int virtualCpl) {
        return virtualCpl == 3 || !ring.needsTwoRoots() ? View.AS_IS : View.KERNEL_AT_USER_LEVEL;
    }

    private int numberOf(Vcpu vcpu) {
        return guests.get(vcpu.number() - guests.get(0).vcpu().number()).number();
    }

    /** A page fault: it is the shadow's, or the guest's kernel gets it. */
    @Override
    public void pageFault(Core core, Trap trap, Program program) {
        Vcpu vcpu = trap.vcpu();
        GuestAccess access = PagingTraps.access(trap);
        ShadowMemory.Fault fault = memory.handle(numberOf(vcpu), access);
        vcpu.counts().exits().refine(trap.reason(), 0, fault.number());
        switch (fault) {
            case HIDDEN -> {}
            case EMULATED_WRITE, NO_MEMORY -> vcpu.skipOperation();
            case TRUE -> vcpu.bounce(Event.pageFault(access.gva(), memory.errorCode()));
        }
        addWork(core, program);
    }

    /** The guest's page that an address of its kernel is in; -1 if there is none. */
    long gfnOf(Vcpu vcpu, long gva) {
        long gpa = memory.guestTable(vcpu.registers().cr3 & Registers.CR3_ROOT).translate(gva & GuestOp.GVA_MASK);
        return gpa == PageTable.UNMAPPED ? PageTable.UNMAPPED : gpa >>> PageSize.SIZE_4K.shift();
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
            case INVLPG -> invalidatePage(core, vcpu, operation.value() & GuestOp.GVA_MASK, program);
            case INVPCID -> {
                memory.invalidateAll();
                addWork(core, program);
                flushes = true;
            }
            case MOV_TO_CR3 -> enter(core, vcpu, program);
            default -> changePaging(core, vcpu, before, program);
        }
        return null;
    }

    private void invalidatePage(Core core, Vcpu vcpu, long gva, Program program) {
        memory.invalidateAddress(numberOf(vcpu), gva);
        addWork(core, program);
        image.addInvlpg(program, gva);
    }

    private void enter(Core core, Vcpu vcpu, Program program) {
        memory.enter(numberOf(vcpu), vcpu.registers().cr3, viewAt(vcpu.virtualCpl()));
        addWork(core, program);
        flushes = true;
    }

    private void changePaging(Core core, Vcpu vcpu, PagingState before, Program program) {
        PagingState after = PagingTraps.stateOf(vcpu);
        if (after.equals(before)) {
            return;
        }
        if (!after.pagesAs(before)) {
            throw new UnsupportedGuestException(
                    vcpu.name() + " has changed its paging mode: shadow tables are made for the one that it starts in");
        }
        memory.changePaging(before, after);
        addWork(core, program);
        enter(core, vcpu, program);
    }

    private void addWork(Core core, Program program) {
        image.addTableReads(program, memory.work().reads());
        image.addTableEdits(program, memory.work().edits());
        if (memory.work().needsFlush()) {
            flushAll(core, program);
        }
    }

    /** Another of the VM may have run here, with the same root, and not have heard of what changed elsewhere. */
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

    private void flushAll(Core here, Program program) {
        flushes = true;
        others.drop(Invalidation.movCr3(0, 0), here, program);
    }

    @Override
    public void transfer(Snapshot snapshot) {
        flushes = snapshot.transfer(flushes);
    }
}
