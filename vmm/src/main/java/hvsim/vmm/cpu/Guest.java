package hvsim.vmm.cpu;

import hvsim.cpu.Vcpu;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.MemoryTechnique;
import java.util.Optional;

/**
 * A guest as its hypervisor knows it.
 *
 * @param memory of its VM
 * @param number of the virtual processor within its VM
 * @param vpid its tag in the TLB, from 1; deprivileged guests have none
 * @param hostFrames of the hypervisor, near the core where it starts: for what the hypervisor keeps of it
 * @param ownHypervisor under which its programs run, if the guest is a hypervisor
 */
public record Guest(
        Vcpu vcpu,
        MemoryTechnique memory,
        int number,
        int vpid,
        Frames hostFrames,
        Optional<HardwareSpec> ownHypervisor) {

    /** A guest that is no hypervisor. */
    public Guest(Vcpu vcpu, MemoryTechnique memory, int number, int vpid, Frames hostFrames) {
        this(vcpu, memory, number, vpid, hostFrames, Optional.empty());
    }
}
