package hvsim.vmm.device;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.cpu.VmExit;
import hvsim.cpu.vmx.ExitReason;
import hvsim.tlb.Snapshot;
import hvsim.vmm.interrupt.DeviceInterrupts;
import hvsim.vmm.interrupt.GuestInterrupts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All devices that guests believe to have, and what a hypervisor does about them on a core, which goes by its number. */
public final class EmulatedDevices implements DeviceInterrupts {
    private final List<Core> cores;
    private final List<EmulatedDevice> devices;
    private final GuestInterrupts interrupts;

    EmulatedDevices(List<Core> cores, List<EmulatedDevice> devices, GuestInterrupts interrupts) {
        this.cores = List.copyOf(cores);
        this.devices = List.copyOf(devices);
        this.interrupts = interrupts;
        interrupts.serve(this);
    }

    /**
     * A guest has exited on an access where no memory is.
     *
     * @return whether a device has answered
     */
    public boolean access(int core, VmExit exit, Program program) {
        for (EmulatedDevice device : devices) {
            if (device.isAt(exit.vcpu().number(), exit.guestPhysicalAddress())) {
                device.access(exit, program, cores.get(core).clock());
                cores.get(core).skipInstruction();
                interrupt(device, core, program);
                return true;
            }
        }
        return false;
    }

    @Override
    public void take(Program program, int core, int vector) {
        EmulatedDevice device = byVector(vector);
        if (device != null) {
            device.receive(program, cores.get(core).clock());
            interrupt(device, core, program);
        }
    }

    private void interrupt(EmulatedDevice device, int core, Program program) {
        if (device.interrupts()) {
            interrupts.raise(
                    program, core, device.place().vcpu(), device.place().vector());
        }
    }

    private @Nullable EmulatedDevice byVector(int vector) {
        for (EmulatedDevice device : devices) {
            if (device.place().vector() == vector) {
                return device;
            }
        }
        return null;
    }

    /** An interrupt of the machine made a guest leave a core. */
    public void countInterrupt(int vector) {
        EmulatedDevice device = byVector(vector);
        if (device != null) {
            device.exits().count(ExitReason.EXTERNAL_INTERRUPT);
        }
    }

    /** A virtual processor has exited for an interrupt of that vector: for its end, or so that it can have it. */
    public void count(int vcpu, int vector, ExitReason reason) {
        EmulatedDevice device = byVector(vector);
        if (device != null && device.place().isOf(vcpu)) {
            device.exits().count(reason);
        }
    }

    public void transfer(Snapshot snapshot) {
        devices.forEach(device -> device.transfer(snapshot));
    }
}
