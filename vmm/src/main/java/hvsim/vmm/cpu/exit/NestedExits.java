package hvsim.vmm.cpu.exit;

import hvsim.cpu.Core;
import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.cpu.VmExit;
import hvsim.cpu.vmx.GuestState;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.tlb.Invalidation;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.memory.NestedMemory;

/** Nested paging: the guest's tables are its own; an exit says what the second stage lacks. */
public final class NestedExits implements PagingExits {
    /** A hypervisor that maps a frame writes the entry, and its own account of the frame. */
    public static final int EDITS_OF_A_MAPPING = 4;

    private final HypervisorImage image;
    private final NestedMemory memory;
    private final boolean accessedDirty;

    public NestedExits(HypervisorImage image, NestedMemory memory, boolean accessedDirty) {
        this.image = image;
        this.memory = memory;
        this.accessedDirty = accessedDirty;
    }

    @Override
    public void setUp(Guest guest) {
        Vmcs vmcs = guest.vcpu().vmcs();
        vmcs.set(VmxControl.ENABLE_EPT, true);
        vmcs.write(VmcsField.EPT_POINTER, memory.eptPointer(accessedDirty));
        GuestState.savePdptes(guest.vcpu().registers(), vmcs);
    }

    /**
     * The guest touched memory that it has but was not given yet, and the access is then tried again; or there is none,
     * and no device either: it reads ones, and what it writes is lost.
     */
    @Override
    public void secondStageViolation(Core core, VmExit exit, Program program) {
        if (memory.has(exit.guestPhysicalAddress())) {
            memory.back(exit.guestPhysicalAddress());
            image.addTableEdits(program, EDITS_OF_A_MAPPING);
        } else {
            core.skipInstruction();
        }
    }

    @Override
    public boolean pageFault(Core core, VmExit exit, Program program) {
        return false;
    }

    @Override
    public void controlRegister(Core core, VmExit exit, Program program) {
        core.emulate();
    }

    @Override
    public void invalidatePage(Core core, VmExit exit, Program program) {
        core.mmu()
                .invalidate(Invalidation.invvpidAddress(
                        exit.vcpu().vmcs().effectiveVpid(), exit.value() & GuestOp.GVA_MASK));
        core.skipInstruction();
    }

    @Override
    public void invalidateProcess(Core core, VmExit exit, Program program) {
        core.emulate();
    }
}
