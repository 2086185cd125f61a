/**
 * Hypervisors, and the machine they run on.
 *
 * <pre>
 *   Machine: one deterministic loop
 *     core.run(until) -> VM_EXIT       -> ExitDispatcher fills in the hypervisor's program
 *                        EXCEPTION     -> GuestKernel pushes the kernel's program
 *                        KERNEL_EVENT  -> GuestKernel
 *                        PREMAP        -> GuestKernel maps a page free of charge
 *                        MARK          -> the warm-up of that VM is over
 *                        PROGRAM_END   -> Scheduler: whose turn is it
 * </pre>
 *
 * What is virtualized how: {@link hvsim.vmm.cpu} and {@link hvsim.vmm.memory}. Start reading at
 * {@link hvsim.vmm.Machine}. Not modelled: more than one core, devices, interrupts to guests, memory that a
 * hypervisor takes back.
 */
package hvsim.vmm;
