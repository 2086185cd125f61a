/**
 * Hypervisors, and the machine they run on.
 *
 * <pre>
 *   Machine: one deterministic loop
 *     core.run(until) -> VM_EXIT       -> ExitDispatcher pushes the hypervisor's program
 *                        EXCEPTION     -> GuestKernel pushes the kernel's program
 *                        KERNEL_EVENT  -> GuestKernel
 *                        PREMAP        -> GuestKernel maps a page free of charge
 *                        PROGRAM_END   -> CoreScheduler: whose turn is it
 * </pre>
 *
 * What is virtualized how: {@link hvsim.vmm.cpu} and {@link hvsim.vmm.memory}. Start reading at
 * {@link hvsim.vmm.Machine}.
 */
package hvsim.vmm;
