/**
 * Guests without privilege, in root mode as everything else: their kernels run at CPL 3 or 1.
 *
 * <pre>
 *   Deprivileged        what the techniques share: turns, interrupts, the way in and out
 *   TrapAndEmulate      what may not be done traps, and TrapDispatcher does it in the guest's place
 *   BinaryTranslation   the same for users; what the kernel runs is a translation of its code
 *   Paravirtual         the kernel asks instead
 *   PagingTraps         the guest's memory: ShadowTraps, DirectTraps, or SoftwareFill
 * </pre>
 *
 * Start reading at {@code Deprivileged}.
 */
package hvsim.vmm.cpu.deprivileged;
