package hvsim.vmm.cpu.deprivileged;

import hvsim.cpu.Core;
import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.cpu.Trap;
import hvsim.cpu.Vcpu;
import hvsim.cpu.event.Event;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.state.Registers;
import hvsim.ept.PageFaultCode;
import hvsim.ept.PageTable;
import hvsim.tlb.Invalidation;
import hvsim.tlb.PageSize;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.memory.UnsupportedGuestException;
import hvsim.vmm.memory.shadow.GuestAccess;
import hvsim.vmm.memory.shadow.PagingState;
import hvsim.vmm.memory.shadow.ShadowMemory;
import hvsim.vmm.memory.shadow.TableWrite;
import hvsim.vmm.memory.shadow.View;
import java.util.List;

/**
 * Shadow tables of one VM whose guest runs deprivileged. Where its kernel is at CPL 3, too, of each address space the
 * kernel sees all, the user its own pages: which of the two roots is in force says the privilege that the guest believes
 * to have. A kernel at CPL 1 shares one root with its users.
 */
final class ShadowTraps extends PagingTraps {
    private final ShadowMemory memory;
    private final OtherCores others;
    /** @param guests the VM's virtual processors, by their numbers */
    ShadowTraps(List<Guest> guests, Deprivileged.Parts parts) {
        super(guests, parts);
        this.memory = (ShadowMemory) guests.get(0).memory();
        this.others = new OtherCores(parts, guests);
        memory.keep(image().resident());
        for (Guest guest : guests) {
            memory.enter(guest.number(), guest.vcpu().registers().cr3, View.AS_IS);
        }
    }

    @Override
    long root(Vcpu vcpu) {
        return memory.show(numberOf(vcpu), view(vcpu));
    }

    /** A page fault: it is the shadow's, or the guest's kernel gets it. */
    @Override
    void pageFault(Core core, Trap trap, Program program) {
        Vcpu vcpu = trap.vcpu();
        GuestAccess access = access(trap);
        ShadowMemory.Fault fault = memory.handle(numberOf(vcpu), access);
        program.add(GuestOp.work(memory.askCycles()));
        vcpu.counts().exits().refine(trap.reason(), 0, fault.number());
        switch (fault) {
            case HIDDEN -> {}
            case EMULATED_WRITE, NO_MEMORY -> vcpu.skipOperation();
            case TRUE -> vcpu.bounce(Event.pageFault(access.gva(), memory.errorCode()));
        }
        addWork(core, program);
    }

    /** The guest's kernel is about to write: what that does to the shadow, which follows if it takes no more than entries. */
    TableWrite followInLine(Vcpu vcpu, long gva) {
        GuestAccess write = new GuestAccess(stateOf(vcpu), gva, PageFaultCode.WRITE, vcpu.referencedBytes());
        return memory.followInLine(numberOf(vcpu), write);
    }

    /** The guest's page that an address of its kernel is in; -1 if there is none. */
    long gfnOf(Vcpu vcpu, long gva) {
        long gpa = memory.guestTable(vcpu.registers().cr3 & Registers.CR3_ROOT).translate(gva & GuestOp.GVA_MASK);
        return gpa == PageTable.UNMAPPED ? PageTable.UNMAPPED : gpa >>> PageSize.SIZE_4K.shift();
    }

    /** Something was made of what is in the guest's page: no write to it goes unnoticed. */
    void watch(Core core, long gfn, Program program) {
        memory.watch(gfn);
        addWork(core, program);
    }

    /** Whether the page, which the guest is about to write, was watched until now. */
    boolean unwatch(long gfn) {
        return memory.unwatch(gfn);
    }

    @Override
    void follow(Core core, Vcpu vcpu, Operation operation, PagingState before, Program program) {
        switch (operation.instruction()) {
            case INVLPG -> invalidatePage(core, vcpu, operation.value() & GuestOp.GVA_MASK, program);
            case INVPCID -> {
                memory.invalidateAll();
                addWork(core, program);
                drop();
            }
            case MOV_TO_CR3 -> enter(core, vcpu, program);
            default -> changePaging(core, vcpu, before, program);
        }
    }

    private void invalidatePage(Core core, Vcpu vcpu, long gva, Program program) {
        memory.invalidateAddress(numberOf(vcpu), gva);
        addWork(core, program);
        image().addInvlpg(program, gva);
    }

    private void enter(Core core, Vcpu vcpu, Program program) {
        memory.enter(numberOf(vcpu), vcpu.registers().cr3, viewAt(vcpu.virtualCpl()));
        addWork(core, program);
        drop();
    }

    private void changePaging(Core core, Vcpu vcpu, PagingState before, Program program) {
        PagingState after = stateOf(vcpu);
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
        image().addTableReads(program, memory.work().reads());
        image().addTableEdits(program, memory.work().edits());
        if (memory.work().needsFlush()) {
            flushAll(core, program);
        }
    }

    private void flushAll(Core here, Program program) {
        drop();
        others.drop(Invalidation.movCr3(0, 0), here, program);
    }
}
