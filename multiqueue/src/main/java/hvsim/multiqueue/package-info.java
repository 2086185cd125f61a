/**
 * Devices with many queues, and the rings between them and their drivers. Knows no processor and no hypervisor: it
 * reaches memory through {@link hvsim.multiqueue.bus.BusMemory}, counts time in cycles of the machine's clock, and
 * raises interrupts by being asked.
 *
 * <pre>
 *   arrival, trace --> {@link hvsim.multiqueue.FrameReceiver} --.
 *                      steering                   |-- rings: virtio | nvme | nic -- drivers
 *   arbitration   {@link hvsim.multiqueue.RequestDevice} --'   interrupt: moderation, vectors
 *   service
 * </pre>
 *
 * Start reading at {@link hvsim.multiqueue.MultiQueueDevice}. A network adapter is a receiver and a request device for
 * what it sends. Not modelled: contents of frames and blocks, and what the bus itself takes.
 */
package hvsim.multiqueue;
