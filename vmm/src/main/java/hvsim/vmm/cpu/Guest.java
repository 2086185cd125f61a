package hvsim.vmm.cpu;

import hvsim.cpu.Vcpu;
import hvsim.vmm.memory.MemoryTechnique;

/**
 * A guest as a hardware-assisted hypervisor knows it.
 *
 * @param memory of its VM
 * @param number of the virtual processor within its VM
 * @param vpid its tag in the TLB, from 1
 */
public record Guest(Vcpu vcpu, MemoryTechnique memory, int number, int vpid) {}
