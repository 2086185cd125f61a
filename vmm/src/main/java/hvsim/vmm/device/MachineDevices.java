package hvsim.vmm.device;

import hvsim.cpu.Core;
import hvsim.cpu.Request;
import hvsim.multiqueue.MultiQueueDevice;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.RegisterWindow;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All devices of a machine: to its loop, one more that has a next cycle. */
public final class MachineDevices {
    private static final long ONES = 0xFFFF_FFFFL;

    private final MachineDevice[] devices;
    private final @Nullable MachineDevice[] byNumber;
    private final long memoryBytes;

    /**
     * @param byNumber null for those that nobody uses
     * @param memoryBytes of the machine
     */
    MachineDevices(@Nullable MachineDevice[] byNumber, long memoryBytes) {
        this.devices = Stream.of(byNumber).filter(Objects::nonNull).toArray(MachineDevice[]::new);
        this.byNumber = byNumber;
        this.memoryBytes = memoryBytes;
    }

    /** When something happens next by itself; {@link MultiQueueDevice#NEVER} if nothing does. */
    public long nextEventCycle() {
        long first = MultiQueueDevice.NEVER;
        for (MachineDevice device : devices) {
            first = Math.min(first, device.nextEventCycle());
        }
        return first;
    }

    /** Lets happen what happens next. */
    public void advance() {
        long first = nextEventCycle();
        for (MachineDevice device : devices) {
            if (device.nextEventCycle() == first) {
                device.advance();
            }
        }
    }

    /** A core has accessed a register. Where no device is, it reads ones, and what it writes is lost. */
    public void access(Core core) {
        Request request = core.request();
        int number = RegisterWindow.device(memoryBytes, request.hpa());
        long offset = RegisterWindow.offset(request.hpa());
        MachineDevice device = number < byNumber.length ? byNumber[number] : null;
        if (device == null) {
            core.vcpu().registers().rax = ONES;
        } else if (request.writes()) {
            core.waitForRegister(device.spec().writeCycles());
            device.write(offset, request.value(), core.clock());
        } else {
            core.waitForRegister(device.spec().readCycles());
            core.vcpu().registers().rax = device.read(offset, core.clock());
        }
    }

    public void transfer(Snapshot snapshot) {
        for (MachineDevice device : devices) {
            device.transfer(snapshot);
        }
    }
}
