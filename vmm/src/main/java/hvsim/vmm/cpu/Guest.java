package hvsim.vmm.cpu;

import hvsim.cpu.Vcpu;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.MemoryTechnique;

/**
 * A guest as its hypervisor knows it.
 *
 * @param memory of its VM
 * @param number of the virtual processor within its VM
 * @param vpid its tag in the TLB, from 1; deprivileged guests have none
 * @param hostFrames of the hypervisor, near the core where it starts: for what the hypervisor keeps of it
 */
public record Guest(Vcpu vcpu, MemoryTechnique memory, int number, int vpid, Frames hostFrames) {}
