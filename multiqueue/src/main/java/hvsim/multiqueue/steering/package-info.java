/**
 * Which of a device's queues a frame or request goes to.
 *
 * <pre>
 *   frame -> {@link hvsim.multiqueue.steering.FlowSteering}       hash of addresses and ports -> indirection table -> queue
 *            {@link hvsim.multiqueue.steering.AddressSteering}    destination MAC and VLAN -> a VM's queues (VMDq), or a
 *                                 function's (SR-IOV), among which flows may decide further
 *   request -> {@link hvsim.multiqueue.steering.SubmitterSteering}   the processor that submits it
 * </pre>
 *
 * Follows Microsoft's "RSS Hashing Functions" with its verification suite, and the receive queueing of the Intel 82599
 * 10 GbE Controller Datasheet, 7.1.2 and 7.10.3. Not modelled: flow director, mirroring, multicast tables.
 */
package hvsim.multiqueue.steering;
