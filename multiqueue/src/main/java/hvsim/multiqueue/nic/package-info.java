/**
 * Descriptor rings of network adapters, from both ends: a base, a head that the adapter moves, a tail that the driver
 * moves. Descriptors from head to tail are the adapter's; one place always stays empty.
 *
 * <pre>
 *   receive    0: address u64, 8: length u16, 12: status u8 (DD bit 0, EOP bit 1)
 *   transmit   0: address u64, 8: length u16, 11: command u8 (EOP bit 0, RS bit 3), 12: status u8 (DD bit 0)
 * </pre>
 *
 * Start reading at {@link hvsim.multiqueue.nic.NicRing}. Follows the legacy descriptors of the PCI/PCI-X Family of
 * Gigabit Ethernet Controllers Software Developer's Manual (317453), 3.2 and 3.3, which the 82599 has too. Not modelled: a
 * frame over several receive buffers, offloads, and contexts.
 */
package hvsim.multiqueue.nic;
