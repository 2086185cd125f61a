/**
 * Events: interrupts, exceptions and what else comes between two instructions; which is taken first, and whether it
 * exits, is delivered through the guest's interrupt-descriptor table, or waits.
 *
 * <p>The rules are pure functions of a {@link hvsim.cpu.event.Situation}. Start at {@link
 * hvsim.cpu.event.BoundaryPriority} and {@link hvsim.cpu.event.EventRules}.
 *
 * <p>Not modelled: system-management interrupts, machine checks, task switches; the host's own interrupt handlers.
 *
 * <p>Follows Intel SDM vol. 3 (325384-059US), chapters 6, 25 to 27.
 */
package hvsim.cpu.event;
