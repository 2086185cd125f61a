/**
 * NVMe queue pairs, from both ends.
 *
 * <pre>
 *   submission   driver writes 64 bytes at the tail, then the doorbell; the controller takes at the head
 *                0: opcode u8, 2: command id u16, 4: namespace u32, 24: PRP1, 32: PRP2, 40: first block u64, 48: blocks - 1 u16
 *   completion   controller writes 16 bytes at its tail; the driver knows them by the phase bit and moves the head
 *                8: submission head u16, 10: submission queue u16, 12: command id u16, 14: phase (bit 0), status u16
 * </pre>
 *
 * Start reading at {@link hvsim.multiqueue.nvme.NvmeQueuePair}. Follows the NVM Express Base Specification 1.4: 4.1
 * "Submission Queue &amp; Completion Queue Definition", 4.3 "Physical Region Page Entry and List", 5.7 "Doorbell Buffer
 * Config command". Not modelled: the admin queue and the registers of set-up, metadata, scatter-gather lists, and aborts.
 */
package hvsim.multiqueue.nvme;
