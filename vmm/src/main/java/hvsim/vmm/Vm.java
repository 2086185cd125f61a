package hvsim.vmm;

import hvsim.cpu.Vcpu;
import hvsim.tlb.Snapshot;
import hvsim.vmm.device.DeviceSetup;
import hvsim.vmm.device.VmDevice;
import hvsim.vmm.device.VmDeviceSpec;
import hvsim.vmm.kernel.GuestKernel;
import hvsim.vmm.kernel.Kernel;
import hvsim.vmm.kernel.KernelChange;
import hvsim.vmm.memory.MemoryTechnique;
import hvsim.vmm.schedule.Scheduler;
import java.util.List;
import java.util.Optional;

/** A virtual machine: virtual processors with one kernel and one memory, and what was counted for each. */
public final class Vm {
    private final VmSpec spec;
    private final List<VcpuCounts> vcpus;
    private final Kernel kernel;
    private final MemoryTechnique memory;
    private List<VmDevice> devices = List.of();

    Vm(VmSpec spec, List<Vcpu> vcpus, MemoryTechnique memory) {
        this(spec, vcpus, memory, Kernel.of(spec.guestMemory(), spec.kernel(), vcpus, memory));
    }

    /** One whose kernel was changed before it runs. */
    Vm(VmSpec spec, List<Vcpu> vcpus, KernelChange change) {
        this(spec, vcpus, change.memory(), new GuestKernel(spec.guestMemory(), spec.kernel(), vcpus, change));
    }

    private Vm(VmSpec spec, List<Vcpu> vcpus, MemoryTechnique memory, Kernel kernel) {
        this.spec = spec;
        this.vcpus = vcpus.stream().map(VcpuCounts::new).toList();
        this.memory = memory;
        this.kernel = kernel;
    }

    public VmSpec spec() {
        return spec;
    }

    /** By their numbers within the VM. */
    public List<VcpuCounts> vcpus() {
        return vcpus;
    }

    public Vcpu vcpu(int number) {
        return vcpus.get(number).vcpu();
    }

    /** Asks for the devices that it uses. */
    void use(DeviceSetup setup, Scheduler scheduler) {
        int first = vcpu(0).number();
        for (VmDeviceSpec device : spec.devices()) {
            setup.add(new DeviceSetup.Use(
                    device, kernel, memory, spec.memoryBytes(), first, vcpus.size(), scheduler.coreOf(first)));
        }
    }

    /** Gives it the devices that it uses. */
    void setDevices(List<VmDevice> itsDevices) {
        devices = List.copyOf(itsDevices);
    }

    /** What its kernel does next about devices it does at that cycle. */
    void at(long cycle) {
        for (VmDevice device : devices) {
            device.at(cycle);
        }
    }

    /** What was counted of its devices so far was the warm-up. */
    void startCountingDevices(long cycle) {
        devices.forEach(device -> device.startCounting(cycle));
    }

    /** Those that it uses. */
    public List<VmDevice> devices() {
        return devices;
    }

    Kernel kernel() {
        return kernel;
    }

    /**
     * The program of a virtual processor has ended: it executes nothing any more.
     *
     * @return who is left alone by that, if one is: nobody sends it interrupts
     */
    Optional<Vcpu> end(int number, long cycle) {
        kernel.offline(number);
        List<Vcpu> others = vcpus.stream()
                .map(VcpuCounts::vcpu)
                .filter(vcpu -> !vcpu.hasEnded())
                .toList();
        if (others.isEmpty()) {
            devices.forEach(device -> device.end(cycle));
        }
        boolean isDriver = !devices.isEmpty() && !vcpu(0).hasEnded();
        if (others.size() != 1 || isDriver) {
            return Optional.empty();
        }
        others.get(0).expectInterrupts(false);
        return Optional.of(others.get(0));
    }

    /** Machine memory that it has been given. */
    public long backedBytes() {
        return memory.backedBytes();
    }

    /** Guest-physical memory that its kernel has put to use. */
    public long usedBytes() {
        return kernel.usedBytes();
    }

    /** What the audit of its memory found amiss, or an empty text. */
    public String audit() {
        return memory.audit();
    }

    void transfer(Snapshot snapshot) {
        vcpus.forEach(vcpu -> vcpu.transfer(snapshot));
        kernel.transfer(snapshot);
        devices.forEach(device -> device.transfer(snapshot));
    }
}
