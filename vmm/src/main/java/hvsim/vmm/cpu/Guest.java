package hvsim.vmm.cpu;

import hvsim.cpu.Vcpu;
import hvsim.vmm.memory.NestedMemory;

/**
 * A guest as a hardware-assisted hypervisor knows it.
 *
 * @param vpid its tag in the TLB, from 1
 */
public record Guest(Vcpu vcpu, NestedMemory memory, int vpid) {}
