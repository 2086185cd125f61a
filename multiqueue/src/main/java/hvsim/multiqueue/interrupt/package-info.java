/**
 * When a queue interrupts: {@link hvsim.multiqueue.interrupt.Moderation} holds an interrupt back until enough is done or
 * enough time has gone by; {@link hvsim.multiqueue.interrupt.InterruptVectors} holds it back while its vector is masked.
 * The words are ethtool's (rx-frames, rx-usecs) and the PCI Local Bus Specification 3.0's, 6.8.2 "MSI-X Capability and Table
 * Structure". Not modelled: adaptive moderation.
 */
package hvsim.multiqueue.interrupt;
