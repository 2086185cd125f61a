package hvsim.vmm.device;

import hvsim.cpu.Core;
import hvsim.cpu.apic.InterruptMessage;
import hvsim.multiqueue.arrival.FrameSource;
import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.nic.GigabitController;
import hvsim.multiqueue.service.LineRate;
import hvsim.tlb.Snapshot;
import hvsim.vmm.kernel.Interrupts;

/** A device of the machine, and the core that its interrupts go to. */
final class MachineDevice {
    /** How long a frame waits before the line, in a switch: a millisecond (assumed). */
    private static final long MOST_WAITS_A_SECOND = 1000;

    private final DeviceSpec spec;
    private final int number;
    private final GigabitController controller;
    private final Core target;

    /** What has happened up to here: cores are not all at the same time. */
    private long now;

    /** @param memory that it reaches */
    MachineDevice(DeviceSpec spec, int number, FrameSource frames, BusMemory memory, Core target) {
        this.spec = spec;
        this.number = number;
        this.target = target;
        this.controller = new GigabitController(
                memory, frames, line(spec), spec.clockHz() / MOST_WAITS_A_SECOND, line(spec), spec.clockHz());
    }

    private static LineRate line(DeviceSpec spec) {
        return LineRate.ethernet(spec.bitsPerSecond(), spec.clockHz());
    }

    DeviceSpec spec() {
        return spec;
    }

    GigabitController controller() {
        return controller;
    }

    int vector() {
        return Interrupts.FIRST_DEVICE_VECTOR + number;
    }

    long nextEventCycle() {
        return controller.nextEventCycle();
    }

    void advance() {
        now = Math.max(now, controller.nextEventCycle());
        controller.advanceTo(now);
        interrupt();
    }

    /** What a processor reads that is at that time. */
    long read(long offset, long cycle) {
        now = Math.max(now, cycle);
        long value = controller.read(offset, now);
        interrupt();
        return value;
    }

    void write(long offset, long value, long cycle) {
        now = Math.max(now, cycle);
        controller.write(offset, value, now);
        interrupt();
    }

    /** A message takes as long as one between processors. */
    private void interrupt() {
        if (controller.pollInterrupt()) {
            target.events().messageAt(now + target.costs().interprocessorInterrupt(), InterruptMessage.fixed(vector()));
        }
    }

    void transfer(Snapshot snapshot) {
        controller.transfer(snapshot);
        now = snapshot.transfer(now);
    }
}
