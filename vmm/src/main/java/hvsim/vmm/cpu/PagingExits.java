package hvsim.vmm.cpu;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.cpu.VmExit;
import hvsim.vmm.memory.ComposedMemory;
import hvsim.vmm.memory.MemoryTechnique;
import hvsim.vmm.memory.NestedMemory;
import hvsim.vmm.memory.shadow.ShadowMemory;
import java.util.List;

/** What the hypervisor does about the exits that have to do with a VM's memory, by the technique for it. */
interface PagingExits {
    /** @param ofVm all virtual processors of the VM */
    static PagingExits of(List<Guest> ofVm, HypervisorImage image, TlbFlushes flushes, HardwareSpec spec) {
        MemoryTechnique memory = ofVm.get(0).memory();
        if (memory instanceof ShadowMemory shadow) {
            return new ShadowExits(image, shadow, flushes, ofVm);
        }
        if (memory instanceof NestedMemory nested) {
            return new NestedExits(image, nested, spec.has(HardwareSpec.Feature.EPT_ACCESSED_DIRTY));
        }
        if (memory instanceof ComposedMemory composed) {
            return new ComposedExits(image, composed, spec.has(HardwareSpec.Feature.EPT_ACCESSED_DIRTY));
        }
        throw new IllegalArgumentException("non-root mode knows second stages and shadow tables only");
    }

    /** Fills in what of a virtual processor's VMCS says how its addresses are translated. */
    void setUp(Guest guest);

    /** The second stage's tables do not map what the guest has touched. */
    void secondStageViolation(Core core, VmExit exit, Program program);

    /** A page fault has exited. Returns whether it is dealt with, and is none of the guest's. */
    boolean pageFault(Core core, VmExit exit, Program program);

    /** The guest has accessed a control register. */
    void controlRegister(Core core, VmExit exit, Program program);

    /** INVLPG. */
    void invalidatePage(Core core, VmExit exit, Program program);

    /** INVPCID. */
    void invalidateProcess(Core core, VmExit exit, Program program);
}
