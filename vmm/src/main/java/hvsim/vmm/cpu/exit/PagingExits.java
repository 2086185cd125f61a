package hvsim.vmm.cpu.exit;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.cpu.VmExit;
import hvsim.vmm.cpu.Guest;

/** What the hypervisor does about the exits that have to do with a VM's memory, by the technique for it. */
public interface PagingExits {
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
