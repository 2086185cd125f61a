package hvsim.vmm.device;

import hvsim.cpu.Program;
import hvsim.cpu.VmExit;
import hvsim.cpu.vmx.ExitReason;
import hvsim.multiqueue.QueueStats;
import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.nic.GigabitController;
import hvsim.multiqueue.service.LineRate;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.memory.RegisterWindow;

/**
 * A network adapter that a guest believes to have: a model in the hypervisor, of the e1000 kind. Each access to a register
 * exits, and the model does what the adapter would; its line is the hypervisor's driver of a real one.
 */
final class EmulatedDevice {
    private final HypervisorImage image;
    private final HostDriver host;
    private final Place place;
    private final ForwardedFrames forwarded = new ForwardedFrames();
    private final GigabitController model;
    private final DeviceExits exits = new DeviceExits();
    private long hostDrops;

    /**
     * Where a guest finds it.
     *
     * @param gpa of the first register
     * @param vector of its interrupts, in the machine and in the VM
     * @param vcpu the VM's first virtual processor, which they go to
     * @param vcpus how many it has
     */
    record Place(long gpa, int vector, int vcpu, int vcpus) {
        boolean isOf(int number) {
            return number >= vcpu && number < vcpu + vcpus;
        }
    }

    /** @param vm the VM's memory, which the model reads and writes for the guest */
    EmulatedDevice(HypervisorImage image, HostDriver host, BusMemory vm, long clockHz, Place place) {
        this.image = image;
        this.host = host;
        this.place = place;
        this.model = new GigabitController(
                vm, forwarded, LineRate.unlimited(), Long.MAX_VALUE, LineRate.unlimited(), clockHz);
    }

    GigabitController model() {
        return model;
    }

    DeviceExits exits() {
        return exits;
    }

    Place place() {
        return place;
    }

    boolean isAt(int vcpu, long gpa) {
        return place.isOf(vcpu) && RegisterWindow.isSameDevice(place.gpa(), gpa);
    }

    /** Frames that the guest has sent, and the real adapter had no room for. */
    long hostDrops() {
        return hostDrops;
    }

    /** The guest has exited on an access to a register. */
    void access(VmExit exit, Program program, long cycle) {
        long offset = RegisterWindow.offset(exit.guestPhysicalAddress());
        exits.count(ExitReason.EPT_MISCONFIG);
        image.addDevices(program);
        QueueStats before = model.transmitted();
        if (exit.vcpu().standsAtWrite()) {
            model.write(offset, exit.vcpu().valueToWrite(), cycle);
        } else {
            exit.vcpu().registers().rax = model.read(offset, cycle);
        }
        model.advanceTo(cycle);
        send(before, program, cycle);
    }

    /** What the model has sent goes out by the real adapter. */
    private void send(QueueStats before, Program program, long cycle) {
        QueueStats sent = model.transmitted().minus(before);
        for (long left = sent.operations(); left > 0; left--) {
            int bytes = (int) (sent.bytes() / sent.operations());
            image.addCopy(program, bytes);
            hostDrops += host.send(program, bytes, cycle) ? 0 : 1;
        }
    }

    /** The real adapter has interrupted: all that it has goes to the model. */
    void receive(Program program, long cycle) {
        image.addDevices(program);
        if (host.interrupted(program, cycle)) {
            while (host.takeFrame(cycle)) {
                forward(program, host.frameBytes(), cycle);
            }
            host.rest(cycle);
        }
    }

    /** Frames that were longer than a buffer have left it empty, and are lost. */
    private void forward(Program program, int bytes, long cycle) {
        if (bytes > 0) {
            image.addCopy(program, bytes);
            forwarded.forward(bytes, host.takeArrival());
            model.advanceTo(cycle);
        }
    }

    /** Whether the model interrupts its guest. */
    boolean interrupts() {
        return model.pollInterrupt();
    }

    void transfer(Snapshot snapshot) {
        host.transfer(snapshot);
        forwarded.transfer(snapshot);
        model.transfer(snapshot);
        exits.transfer(snapshot);
        hostDrops = snapshot.transfer(hostDrops);
    }
}
