/**
 * Virtqueues, split and packed, from both ends.
 *
 * <pre>
 *   split    descriptor table   0: addr u64, 8: len u32, 12: flags u16, 14: next u16       driver writes
 *            driver area        flags u16, idx u16, ring[size] u16, used_event u16         driver writes
 *            device area        flags u16, idx u16, ring[size] {id u32, len u32}, avail_event u16   device writes
 *
 *   packed   descriptor ring    0: addr u64, 8: len u32, 12: id u16, 14: flags u16         both write
 *            driver, device area  offset and wrap u16, flags u16: when to interrupt, when to notify
 * </pre>
 *
 * Start reading at {@link hvsim.multiqueue.virtio.SplitDevice}; {@link hvsim.multiqueue.bus.EventIndex} is the test
 * by which either side is spared a notification, and {@link hvsim.multiqueue.virtio.VirtioRegisters} what is left of
 * them. Follows VIRTIO 1.2, 2.7 "Split Virtqueues" and 2.8 "Packed Virtqueues", 4.1.4 and 4.2.2 for registers. Not
 * modelled: memory barriers (who calls first comes first), VIRTIO_F_IN_ORDER, VIRTIO_F_NOTIFICATION_DATA, and the
 * registers of set-up.
 */
package hvsim.multiqueue.virtio;
