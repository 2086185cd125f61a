package hvsim.vmm.kernel;

import hvsim.cpu.KernelEvent;
import hvsim.cpu.Vcpu;
import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.nic.FrameTimes;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.MemoryTechnique;
import java.util.List;

/** What a guest's programs run upon: who answers their faults, events and calls. */
public interface Kernel {
    /** @param vcpus by their numbers; they share the kernel */
    static Kernel of(GuestMemorySpec memorySpec, KernelSpec spec, List<Vcpu> vcpus, MemoryTechnique memory) {
        return memorySpec.mode() == GuestMode.REAL
                ? new RealModeKernel(memorySpec, vcpus, memory)
                : new GuestKernel(memorySpec, spec, vcpus, memory);
    }

    /** The loader makes a page ready before the program first touches it, free of charge. */
    void premap(int vcpu, long gva);

    /**
     * An exception or interrupt was delivered.
     *
     * @param gva of a page fault
     * @param fault whether the operation would be tried again
     */
    void exception(int vcpu, int vector, long gva, boolean fault);

    /** The program, or one of the kernel's own, asks for something. */
    void event(int vcpu, KernelEvent event, long operand);

    /**
     * The kernel drives a network adapter from now on, whose registers are at {@code gpa}; its interrupts come to virtual
     * processor 0, by the vector that belongs to the number of the device.
     *
     * @param memory its own, at guest-physical addresses
     * @return what the driver sees
     * @throws UnsupportedOperationException if it has no drivers
     */
    NicCounts drive(NicUse use, long gpa, BusMemory memory, FrameTimes times);

    /** The program of a virtual processor has ended: it executes nothing any more. */
    void offline(int vcpu);

    /** Guest-physical memory that was put to use at some time. */
    long usedBytes();

    void transfer(Snapshot snapshot);
}
