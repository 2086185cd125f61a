package hvsim.vmm.cpu.nested;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.cpu.VmExit;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.cpu.exit.NestedExits;
import hvsim.vmm.cpu.exit.PagingExits;
import hvsim.vmm.memory.ComposedMemory;

/**
 * Nested paging under a guest hypervisor, as the machine's hypervisor sees it: an exit says what one of two second stages
 * lacks, that of the guest hypervisor or that of its guest.
 */
public final class ComposedExits implements PagingExits {
    private final HypervisorImage image;
    private final ComposedMemory memory;
    private final boolean accessedDirty;
    private final PagingExits ofGuest;

    public ComposedExits(HypervisorImage image, ComposedMemory memory, boolean accessedDirty) {
        this.image = image;
        this.memory = memory;
        this.accessedDirty = accessedDirty;
        this.ofGuest = new NestedExits(image, memory.inner(), accessedDirty);
    }

    /** The guest hypervisor's own VMCS. */
    @Override
    public void setUp(Guest guest) {
        Vmcs vmcs = guest.vcpu().vmcs();
        vmcs.set(VmxControl.ENABLE_EPT, true);
        vmcs.write(VmcsField.EPT_POINTER, memory.outerPointer(accessedDirty));
    }

    /** The EPT pointer under which the guest hypervisor's guest runs. */
    long composedPointer() {
        return memory.composedPointer(accessedDirty);
    }

    @Override
    public void secondStageViolation(Core core, VmExit exit, Program program) {
        if (exit.vcpu().levels().isInGuestHypervisor()) {
            memory.backOuter(exit.guestPhysicalAddress());
            image.addTableEdits(program, NestedExits.EDITS_OF_A_MAPPING);
        } else {
            // the guest hypervisor's tables, then its own
            image.addTableReads(program, 2 * memory.outerTable().levels());
            image.addTableEdits(program, memory.compose(exit.guestPhysicalAddress()));
        }
    }

    @Override
    public boolean pageFault(Core core, VmExit exit, Program program) {
        return false;
    }

    @Override
    public void controlRegister(Core core, VmExit exit, Program program) {
        ofGuest.controlRegister(core, exit, program);
    }

    @Override
    public void invalidatePage(Core core, VmExit exit, Program program) {
        ofGuest.invalidatePage(core, exit, program);
    }

    @Override
    public void invalidateProcess(Core core, VmExit exit, Program program) {
        ofGuest.invalidateProcess(core, exit, program);
    }
}
