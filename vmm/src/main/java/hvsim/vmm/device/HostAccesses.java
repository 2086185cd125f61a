package hvsim.vmm.device;

import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.multiqueue.bus.DeviceRegisters;
import hvsim.tlb.Snapshot;

/**
 * Registers of a device as the hypervisor's driver accesses them: as all that handlers do, at once; what the access takes
 * goes into the handler's program.
 */
final class HostAccesses implements DeviceRegisters {
    private final MachineDevice device;
    private Program program = new Program(64);

    HostAccesses(MachineDevice device) {
        this.device = device;
    }

    void into(Program handler) {
        program = handler;
    }

    @Override
    public long read(long offset, long cycle) {
        program.add(GuestOp.work(device.spec().readCycles()));
        return device.read(offset, cycle);
    }

    @Override
    public void write(long offset, long value, long cycle) {
        program.add(GuestOp.work(device.spec().writeCycles()));
        device.write(offset, value, cycle);
    }

    @Override
    public void transfer(Snapshot snapshot) {
        // the handler's program is saved with the core, and nothing is added to it later
    }
}
