/**
 * Between a device and memory: what a device reaches, and what every kind of ring hands to it.
 *
 * <pre>
 *   driver ----> ring in memory ----> {@link hvsim.multiqueue.bus.DeviceRing#take} ----> {@link hvsim.multiqueue.bus.Chain}: readable | writable
 *          <----                <---- {@link hvsim.multiqueue.bus.DeviceRing#giveBack} <---- id, bytes written
 * </pre>
 *
 * A ring is written by a guest, and so may say anything. A device takes nothing from a ring that breaks the rules: it
 * names the {@link hvsim.multiqueue.bus.RingFault} and stops until the ring is set up anew.
 */
package hvsim.multiqueue.bus;
