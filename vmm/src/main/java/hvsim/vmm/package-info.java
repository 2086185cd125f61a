/**
 * Hypervisors, and the machine they run on.
 *
 * <pre>
 *   Machine: one deterministic loop, the core that is the furthest behind first
 *     core.run(until) -> VM_EXIT            -> ExitDispatcher fills in the hypervisor's program
 *                        HOST_INTERRUPT     -> GuestInterrupts, before the entry
 *                        HOST_IDLE, IDLE    -> sleeps until something wakes the core
 *                        INTERRUPT_COMMAND  -> InterruptRouter carries it to other cores
 *                        EXCEPTION          -> GuestKernel pushes the kernel's program
 *                        KERNEL_EVENT       -> GuestKernel
 *                        PREMAP             -> GuestKernel maps a page free of charge
 *                        MARK               -> a phase begins, or the warm-up of that virtual processor is over
 *                        PROGRAM_END        -> Scheduler: whose turn is it
 * </pre>
 *
 * What is virtualized how: {@link hvsim.vmm.cpu} and {@link hvsim.vmm.memory}. Start reading at
 * {@link hvsim.vmm.Machine}. Not modelled: devices, memory that a hypervisor takes back.
 */
package hvsim.vmm;
