/**
 * Ways to virtualize memory: what a guest takes for physical memory, and where it is in the machine.
 *
 * <pre>
 *   NativeMemory    gpa = hpa
 *   NestedMemory    gpa --EPT--> hpa; the hypervisor edits the EPT, the guest its own tables
 *   ComposedMemory  gpa --EPT of a guest hypervisor--> its gpa --EPT--> hpa; the hardware walks both in one
 *   ShadowMemory    gva --shadow--> hpa; the hypervisor makes the shadow's tables out of the guest's
 *
 *   MemoryMap: which machine memory is behind a guest-physical address, for both
 *
 *   FrameAllocator: extents of one space in ascending order, each with its owner;  Frames: one owner's share
 *   MachineFrames: the machine's, near one socket or another
 * </pre>
 *
 * Start reading at {@link hvsim.vmm.memory.NestedMemory}. Frames are never taken back.
 */
package hvsim.vmm.memory;
