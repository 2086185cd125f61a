package hvsim.vmm.cpu.exit;

import hvsim.cpu.Core;
import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.cpu.Vcpu;
import hvsim.cpu.VmExit;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.tlb.Invalidation;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.memory.UnsupportedGuestException;
import hvsim.vmm.memory.shadow.GuestAccess;
import hvsim.vmm.memory.shadow.PagingState;
import hvsim.vmm.memory.shadow.ShadowMemory;
import hvsim.vmm.memory.shadow.View;
import java.util.List;

/**
 * Shadow paging in non-root mode: CR3 is the hypervisor's, so accesses to it exit; so do page faults, which may be
 * the shadow's only, and all by which the guest drops translations.
 *
 * <p>What is dropped when: Intel SDM vol. 3 (325384-059US), 28.3.3.3.
 */
public final class ShadowExits implements PagingExits {
    private static final int PAGE_FAULT = 14;

    /** Shadow tables hold for one setting of these; writing to any page is never the kernel's right. */
    private static final long CR0_OWNED = Registers.CR0_PE | Registers.CR0_PG | Registers.CR0_WP;

    /** Changes of these change paging, or drop translations. */
    private static final long CR4_OWNED = Registers.CR4_PSE
            | Registers.CR4_PAE
            | Registers.CR4_PGE
            | Registers.CR4_LA57
            | Registers.CR4_PCIDE
            | Registers.CR4_SMEP;

    private final HypervisorImage image;
    private final ShadowMemory memory;
    private final TlbFlushes flushes;
    private final List<Guest> guests;

    /** @param guests the VM's virtual processors, by their numbers */
    public ShadowExits(HypervisorImage image, ShadowMemory memory, TlbFlushes flushes, List<Guest> guests) {
        this.image = image;
        this.memory = memory;
        this.flushes = flushes;
        this.guests = guests;
    }

    @Override
    public void setUp(Guest guest) {
        Vmcs vmcs = guest.vcpu().vmcs();
        Registers r = guest.vcpu().registers();
        own(vmcs, VmcsField.CR0_GUEST_HOST_MASK, VmcsField.CR0_READ_SHADOW, CR0_OWNED, r.cr0);
        own(vmcs, VmcsField.CR4_GUEST_HOST_MASK, VmcsField.CR4_READ_SHADOW, CR4_OWNED, r.cr4);
        setCr4(guest, r.cr4);
        vmcs.set(VmxControl.CR3_LOAD_EXITING, true);
        vmcs.set(VmxControl.CR3_STORE_EXITING, true);
        vmcs.set(VmxControl.INVLPG_EXITING, true);
        vmcs.write(VmcsField.EXCEPTION_BITMAP, vmcs.read(VmcsField.EXCEPTION_BITMAP) | 1 << PAGE_FAULT);
        enter(guest, r.cr3);
    }

    private static void own(Vmcs vmcs, VmcsField mask, VmcsField shadow, long bits, long value) {
        vmcs.write(mask, vmcs.read(mask) | bits);
        vmcs.write(shadow, vmcs.read(shadow) & ~bits | value & bits);
    }

    /** Shadow tables have entries of 8 bytes: outside IA-32e mode that is PAE paging. */
    private static void setCr4(Guest guest, long asTheGuestHasIt) {
        Registers r = guest.vcpu().registers();
        r.cr4 = r.cr4 & ~CR4_OWNED | asTheGuestHasIt & CR4_OWNED | Registers.CR4_PAE;
        long real = guest.vcpu().vmcs().read(VmcsField.GUEST_CR4) & ~CR4_OWNED | r.cr4 & CR4_OWNED;
        guest.vcpu().vmcs().write(VmcsField.GUEST_CR4, real);
    }

    /** The processor's CR3 leads to the shadow of what the guest's does. */
    private void enter(Guest guest, long guestCr3) {
        Registers r = guest.vcpu().registers();
        long root = memory.enter(guest.number(), guestCr3, View.AS_IS);
        r.cr3 = r.isLongMode() ? root | guestCr3 & ~Registers.CR3_ROOT : root;
        guest.vcpu().vmcs().write(VmcsField.GUEST_CR3, r.cr3);
    }

    @Override
    public void secondStageViolation(Core core, VmExit exit, Program program) {
        throw new IllegalStateException("there is no second stage with shadow paging");
    }

    @Override
    public boolean pageFault(Core core, VmExit exit, Program program) {
        Vcpu vcpu = exit.vcpu();
        Vmcs vmcs = vcpu.vmcs();
        GuestAccess access = new GuestAccess(
                stateOf(exit),
                exit.qualification(),
                (int) vmcs.read(VmcsField.EXIT_INTERRUPTION_ERROR_CODE),
                vcpu.referencedBytes());
        ShadowMemory.Fault fault = memory.handle(guestOf(exit).number(), access);
        program.add(GuestOp.work(memory.askCycles()));
        vcpu.counts().exits().refine(ExitReason.EXCEPTION_NMI, PAGE_FAULT, fault.number());
        boolean dealtWith = switch (fault) {
            case HIDDEN -> true;
            case EMULATED_WRITE, NO_MEMORY -> {
                core.skipInstruction();
                yield true;
            }
            case TRUE -> {
                vmcs.write(VmcsField.EXIT_INTERRUPTION_ERROR_CODE, memory.errorCode());
                yield false;
            }
        };
        addWork(core, program);
        return dealtWith;
    }

    @Override
    public void controlRegister(Core core, VmExit exit, Program program) {
        Registers r = exit.vcpu().registers();
        PagingState before = stateOf(exit);
        long shadowCr3 = r.cr3;
        r.cr3 = before.cr3(); // the emulator sees what the guest does
        core.emulate();
        PagingState after = stateOf(exit, r.cr3);
        r.cr3 = shadowCr3;
        exit.vcpu().saveRegisters();
        if (loadsCr3(exit) || !after.equals(before)) {
            changePaging(core, exit, before, after, program);
        }
    }

    /** Exit qualification: the register's number, and 0 for a move to it (SDM vol. 3, table 27-3). */
    private static boolean loadsCr3(VmExit exit) {
        return (exit.qualification() & 0x3F) == 3;
    }

    private void changePaging(Core core, VmExit exit, PagingState before, PagingState after, Program program) {
        if (!after.pagesAs(before)) {
            throw new UnsupportedGuestException(exit.vcpu().name()
                    + " has changed its paging mode: shadow tables are made for the one that it starts in");
        }
        memory.changePaging(before, after);
        addWork(core, program);
        setCr4(guestOf(exit), after.cr4());
        enter(guestOf(exit), after.cr3());
        addWork(core, program);
        dropTranslations(core, exit, before.cr4() ^ after.cr4(), program);
    }

    /** MOV to CR3 drops all but global translations, MOV to CR4 that changes CR4.PGE those too. */
    private void dropTranslations(Core core, VmExit exit, long changedCr4, Program program) {
        int vpid = exit.vcpu().vmcs().effectiveVpid();
        boolean all = (changedCr4 & CR4_OWNED) != 0;
        core.mmu().invalidate(all ? Invalidation.invvpidContext(vpid) : Invalidation.invvpidContextButGlobals(vpid));
        image.addInvvpid(program);
    }

    @Override
    public void invalidatePage(Core core, VmExit exit, Program program) {
        memory.invalidateAddress(guestOf(exit).number(), exit.value() & GuestOp.GVA_MASK);
        core.mmu()
                .invalidate(Invalidation.invvpidAddress(
                        exit.vcpu().vmcs().effectiveVpid(), exit.value() & GuestOp.GVA_MASK));
        image.addInvvpid(program);
        addWork(core, program);
        core.skipInstruction();
    }

    @Override
    public void invalidateProcess(Core core, VmExit exit, Program program) {
        memory.invalidateAll();
        core.mmu().invalidate(Invalidation.invvpidContext(exit.vcpu().vmcs().effectiveVpid()));
        image.addInvvpid(program);
        addWork(core, program);
        core.emulate();
    }

    private void addWork(Core core, Program program) {
        image.addTableReads(program, memory.work().reads());
        image.addTableEdits(program, memory.work().edits());
        if (memory.work().needsFlush()) {
            flushes.flush(guests, core, program);
        }
    }

    private Guest guestOf(VmExit exit) {
        return guests.get(exit.vcpu().number() - guests.get(0).vcpu().number());
    }

    private PagingState stateOf(VmExit exit) {
        return stateOf(exit, memory.guestCr3(guestOf(exit).number()));
    }

    /** What the guest reads in its control registers. */
    private static PagingState stateOf(VmExit exit, long guestCr3) {
        Registers r = exit.vcpu().registers();
        Vmcs vmcs = exit.vcpu().vmcs();
        long mask0 = vmcs.read(VmcsField.CR0_GUEST_HOST_MASK);
        long mask4 = vmcs.read(VmcsField.CR4_GUEST_HOST_MASK);
        return new PagingState(
                r.cr0 & ~mask0 | vmcs.read(VmcsField.CR0_READ_SHADOW) & mask0,
                guestCr3,
                r.cr4 & ~mask4 | vmcs.read(VmcsField.CR4_READ_SHADOW) & mask4,
                r.efer,
                r.rflags,
                r.pkru);
    }
}
