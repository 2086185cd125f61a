package hvsim.vmm.device;

import hvsim.cpu.vmx.ExitReason;
import hvsim.multiqueue.LatencyHistogram;
import java.util.Map;

/**
 * What was counted of one device for one VM.
 *
 * @param received frames that the VM's driver has found
 * @param sent frames that it has given to the device
 * @param bytes of both
 * @param drops frames that were lost, wherever
 * @param interrupts that the device, as the VM has it, has raised
 * @param cycles for how long was counted
 * @param exits that it has caused
 * @param latencies from a frame's coming to the line until the VM's driver finds it
 */
public record DeviceStats(
        long received,
        long sent,
        long bytes,
        long drops,
        long interrupts,
        long cycles,
        Map<ExitReason, Long> exits,
        LatencyHistogram latencies) {}
