/**
 * Around a device: what it reaches, what every kind of ring hands to it, and its registers.
 *
 * <pre>
 *   driver ----> ring in memory ----> {@link hvsim.multiqueue.bus.DeviceRing#take} ----> {@link hvsim.multiqueue.bus.Chain}: readable | writable
 *          <----                <---- {@link hvsim.multiqueue.bus.DeviceRing#giveBack} <---- id, bytes written
 *
 *   driver ----> {@link hvsim.multiqueue.bus.DeviceRegisters}: doorbells, causes of interrupts, set-up
 * </pre>
 *
 * A ring is written by a guest, and so may say anything. A device takes nothing from a ring that breaks the rules: it
 * names the {@link hvsim.multiqueue.bus.RingFault} and stops until the ring is set up anew.
 */
package hvsim.multiqueue.bus;
