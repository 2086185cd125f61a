/**
 * How a hypervisor gives its guests their interrupts: a local APIC for each virtual processor, by the means that the
 * hardware has; the timers of those that do not run; and the way from one virtual processor to another.
 *
 * <pre>
 *   WRMSR of the command register          exits, or IPI virtualization posts
 *     -&gt; target runs on another core       kick: EXTERNAL_INTERRUPT exit there, injection; or posted: notification
 *     -&gt; target waits for its turn         found at its next entry
 *     -&gt; target is halted                  woken: it waits for its turn
 *     -&gt; target is deprivileged            kick: INTERRUPT trap there, and the return bounces it: BouncedApic
 * </pre>
 *
 * Start at {@link hvsim.vmm.interrupt.GuestApic}. NMI, INIT and start-up interrupts always exit at the sender, and come
 * past the APIC: GuestSignals. Not modelled: devices that post, system-management interrupts (an error).
 */
@NullMarked
package hvsim.vmm.interrupt;

import org.jspecify.annotations.NullMarked;
