package hvsim.vmm.interrupt;

import hvsim.cpu.Program;

/** Who serves the interrupts of devices, among those that a host takes. */
public interface DeviceInterrupts {
    /** An interrupt has come to a core; what is done about it goes into the hypervisor's program. */
    void take(Program program, int core, int vector);
}
