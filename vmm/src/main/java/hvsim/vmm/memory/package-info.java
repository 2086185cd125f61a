/**
 * Ways to virtualize memory: what a guest takes for physical memory, and where it is in the machine.
 *
 * <pre>
 *   NativeMemory    gpa = hpa
 *   NestedMemory    gpa --EPT--> hpa; the hypervisor edits the EPT, the guest its own tables
 *
 *   FrameAllocator: extents of one space in ascending order, each with its owner;  Frames: one owner's share
 *   MachineFrames: the machine's, near one socket or another
 * </pre>
 *
 * Start reading at {@link hvsim.vmm.memory.NestedMemory}. Frames are never taken back.
 */
package hvsim.vmm.memory;
