package hvsim.vmm.cpu;

import hvsim.cpu.Vcpu;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.NestedMemory;

/**
 * A guest as a hardware-assisted hypervisor knows it.
 *
 * @param vpid its tag in the TLB, from 1
 * @param hostFrames of the hypervisor, near the core where it starts: for what the hypervisor keeps of it
 */
public record Guest(Vcpu vcpu, NestedMemory memory, int vpid, Frames hostFrames) {}
