/**
 * Devices of the machine, and the ways to give them to guests.
 *
 * <pre>
 *   native     driver of the kernel --registers--&gt; {@link hvsim.vmm.device.MachineDevice}, at machine addresses
 *
 *   emulated   driver of the kernel --each access exits--&gt; {@link hvsim.vmm.device.EmulatedDevice}: a model in software
 *                                                            | frames are copied
 *              {@link hvsim.vmm.device.HostDriver} of the hypervisor --registers--&gt; MachineDevice
 * </pre>
 *
 * Start reading at {@link hvsim.vmm.device.MachineDevices}, which the machine's loop asks for the next event, then {@link
 * hvsim.vmm.device.EmulatedDevice}. Devices themselves are in {@link hvsim.multiqueue}: they know no processor. Not modelled:
 * how long a DMA takes, and what it does to caches.
 */
@NullMarked
package hvsim.vmm.device;

import org.jspecify.annotations.NullMarked;
