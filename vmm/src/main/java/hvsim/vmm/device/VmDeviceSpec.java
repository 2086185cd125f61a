package hvsim.vmm.device;

import hvsim.multiqueue.arrival.FrameSource;

/**
 * A device of the machine that a VM uses.
 *
 * @param device its number in the machine
 * @param frames that come to it from outside
 * @param replyBytes of the frame that the VM answers each with; 0 for none
 */
public record VmDeviceSpec(int device, FrameSource frames, int replyBytes) {}
