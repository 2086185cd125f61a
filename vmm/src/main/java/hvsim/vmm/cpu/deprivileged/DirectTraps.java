package hvsim.vmm.cpu.deprivileged;

import hvsim.cpu.Core;
import hvsim.cpu.DirectEvent;
import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.cpu.Trap;
import hvsim.cpu.Vcpu;
import hvsim.cpu.event.Event;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.Operation;
import hvsim.ept.PageFaultCode;
import hvsim.tlb.Invalidation;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.memory.UnsupportedGuestException;
import hvsim.vmm.memory.direct.DirectMemory;
import hvsim.vmm.memory.shadow.PagingState;
import hvsim.vmm.memory.shadow.ShadowMemory.Fault;
import hvsim.vmm.memory.shadow.View;
import java.util.List;

/**
 * Tables of one VM that the hardware walks. A page fault is the guest's own, unless it has written a table. Where an address
 * space has two roots, the pages of its users are global, so that going from one to the other leaves them in the TLB.
 */
final class DirectTraps extends PagingTraps {
    private final DirectMemory memory;
    private final OtherCores others;

    /** @param guests the VM's virtual processors, by their numbers */
    DirectTraps(List<Guest> guests, Deprivileged.Parts parts) {
        super(guests, parts);
        this.memory = (DirectMemory) guests.get(0).memory();
        this.others = new OtherCores(parts, guests);
        memory.keep(image().resident());
        for (Guest guest : guests) {
            memory.enter(guest.number(), guest.vcpu().registers().cr3);
        }
    }

    @Override
    long root(Vcpu vcpu) {
        return memory.root(numberOf(vcpu), view(vcpu) == View.KERNEL_AT_USER_LEVEL);
    }

    @Override
    void pageFault(Core core, Trap trap, Program program) {
        Vcpu vcpu = trap.vcpu();
        long gva = trap.cause().information();
        boolean isKernels = vcpu.virtualCpl() == 0;
        boolean isWrite = (trap.cause().errorCode() & PageFaultCode.WRITE) != 0;
        boolean emulated = isKernels && isWrite && memory.emulatesWrite(numberOf(vcpu), gva, vcpu.referencedBytes());
        if (emulated) {
            image().addUpdates(program, 1);
            vcpu.counts().count(DirectEvent.EMULATED_WRITE, 1);
            vcpu.skipOperation();
        } else {
            int errorCode = isKernels
                    ? trap.cause().errorCode() & ~PageFaultCode.USER
                    : trap.cause().errorCode();
            vcpu.bounce(Event.pageFault(gva, errorCode));
        }
        Fault found = emulated ? Fault.EMULATED_WRITE : Fault.TRUE;
        vcpu.counts().exits().refine(TrapReason.TRAP_PF, 0, found.number());
    }

    @Override
    void follow(Core core, Vcpu vcpu, Operation operation, PagingState before, Program program) {
        if (operation.instruction() == Instruction.INVLPG) {
            image().addInvlpg(program, operation.value() & GuestOp.GVA_MASK);
        } else if (operation.instruction() == Instruction.MOV_TO_CR3) {
            enter(vcpu, before, program);
        } else {
            changePaging(operation.instruction(), vcpu, before);
        }
    }

    /** Without a registered root table the call fails, and nothing changes. */
    private void enter(Vcpu vcpu, PagingState before, Program program) {
        if (memory.enter(numberOf(vcpu), vcpu.registers().cr3)) {
            image().addTableEdits(program, memory.copiedEntries());
            drop();
        } else {
            vcpu.registers().cr3 = before.cr3();
            vcpu.counts().count(DirectEvent.REFUSED, 1);
        }
    }

    private void changePaging(Instruction instruction, Vcpu vcpu, PagingState before) {
        if (!stateOf(vcpu).pagesAs(before)) {
            throw new UnsupportedGuestException(vcpu.name()
                    + " has changed its paging mode: its registered tables are for the one that it starts in");
        }
        if (instruction == Instruction.INVPCID || !stateOf(vcpu).equals(before)) {
            drop();
        }
    }

    /** Updates were made: a page that could be written may be a table now, of which nobody must know it as writable. */
    void settle(Core here, Program program) {
        if (memory.takeFlush()) {
            drop();
            others.drop(Invalidation.controlRegister(0), here, program);
        }
    }

    /** Global pages, which a kernel at CPL 3 has for its users, outlast whoever ran here before, and a load of CR3. */
    @Override
    void addLoad(Core core, Program program, long root, boolean newSpace) {
        if (newSpace && memory.layout().hasUserRoots()) {
            image().addNewSpace(program, root, core.deprivileging().cr4());
        } else {
            image().addRoot(program, core, root, newSpace);
        }
    }
}
