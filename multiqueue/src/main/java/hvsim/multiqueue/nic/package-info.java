/**
 * Network adapters, from both ends: descriptor rings in memory, and the registers by which a driver runs them.
 * A ring has a base, a head that the adapter moves, and a tail that the driver moves. Descriptors from head to tail are
 * the adapter's; one place always stays empty.
 *
 * <pre>
 *   receive    0: address u64, 8: length u16, 12: status u8 (DD bit 0, EOP bit 1)
 *   transmit   0: address u64, 8: length u16, 11: command u8 (EOP bit 0, RS bit 3), 12: status u8 (DD bit 0)
 * </pre>
 *
 * Start reading at {@link hvsim.multiqueue.nic.NicRing}, then {@link hvsim.multiqueue.nic.GigabitController}, whose
 * registers {@link hvsim.multiqueue.nic.GigabitDriver} uses. Follows the PCI/PCI-X Family of Gigabit Ethernet Controllers
 * Software Developer's Manual (317453): legacy descriptors, 3.2 and 3.3, which the 82599 has too, and registers, 13.4.
 * Not modelled: a frame over several receive buffers, offloads, and contexts; of the controller what is only used to set
 * it up (reset, EEPROM, PHY, address filters), delays of single interrupts (RDTR, RADV, TIDV, TADV), and causes other than
 * a frame that was received or sent.
 */
package hvsim.multiqueue.nic;
