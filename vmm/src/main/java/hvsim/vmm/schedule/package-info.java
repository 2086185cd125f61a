/**
 * Whose turn it is: which virtual processor runs on which core.
 *
 * <pre>
 *   waiting --picked--> running --end of its slice--> waiting
 *                       running --HLT, INIT---------> blocked --woken--> waiting
 *                       running --somebody wakes who goes before it (proportional share)--> waiting
 *                       running --end of its program> ended
 *
 *   core 0:  running 2   waiting 5 7        each core has a queue of its own; a core that runs dry
 *   core 1:  running 3   waiting            takes the first that may run on it from the longest queue
 * </pre>
 *
 * Start reading at {@link hvsim.vmm.schedule.Scheduler}. It decides and keeps no time of its own: what a world switch
 * takes is the hypervisor's program on the core.
 */
@NullMarked
package hvsim.vmm.schedule;

import org.jspecify.annotations.NullMarked;
