package hvsim.vmm.device;

import hvsim.cpu.Core;
import hvsim.cpu.Vcpu;
import hvsim.ept.PhysicalMemory;
import hvsim.multiqueue.bus.BusMemory;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.interrupt.GuestInterrupts;
import hvsim.vmm.kernel.Kernel;
import hvsim.vmm.kernel.NicCounts;
import hvsim.vmm.kernel.NicUse;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.MemoryTechnique;
import hvsim.vmm.memory.NestedMemory;
import hvsim.vmm.memory.RegisterWindow;
import hvsim.vmm.memory.VmBus;
import java.util.ArrayList;
import java.util.List;

/** Makes a machine's devices, and gives them to its VMs. */
public final class DeviceSetup {
    private static final int PAGE_BYTES = 4096;

    private final PhysicalMemory memory;
    private final List<DeviceSpec> specs;
    private final List<Core> cores;
    private final List<Use> uses = new ArrayList<>();
    private final List<VmDevice> vmDevices = new ArrayList<>();
    private final MachineDevice[] devices;

    public DeviceSetup(PhysicalMemory memory, List<DeviceSpec> specs, List<Core> cores) {
        this.memory = memory;
        this.specs = List.copyOf(specs);
        this.cores = List.copyOf(cores);
        this.devices = new MachineDevice[specs.size()];
    }

    /**
     * A VM that has a device.
     *
     * @param memoryBytes guest-physical memory
     * @param vcpu number of its first virtual processor, and how many it has
     * @param core where that starts
     */
    public record Use(
            VmDeviceSpec spec, Kernel kernel, MemoryTechnique memory, long memoryBytes, int vcpu, int vcpus, int core) {
        long gpa() {
            return RegisterWindow.of(memoryBytes, spec.device());
        }
    }

    /** @throws IllegalArgumentException if another VM has the device already */
    public void add(Use use) {
        if (uses.stream().anyMatch(other -> other.spec().device() == use.spec().device())) {
            throw new IllegalArgumentException("device " + use.spec().device() + " belongs to two VMs");
        }
        uses.add(use);
    }

    public boolean isEmpty() {
        return uses.isEmpty();
    }

    /** Whether it is the first virtual processor of a VM that has a device: the interrupts come to it. */
    public boolean has(Vcpu vcpu) {
        return uses.stream().anyMatch(use -> use.vcpu() == vcpu.number());
    }

    /** Without hypervisor: kernels drive the machine's devices themselves. */
    public void drive() {
        for (Use use : uses) {
            BusMemory bus = new VmBus(memory, use.memory(), use.memoryBytes());
            MachineDevice device = make(use, bus);
            vmDevices.add(new VmDevice(device.spec().name(), drive(use, bus, device), device, null));
        }
    }

    private static NicCounts drive(Use use, BusMemory bus, MachineDevice device) {
        NicUse nic = new NicUse(use.spec().device(), use.spec().replyBytes());
        return use.kernel().drive(nic, use.gpa(), bus, device.controller());
    }

    private MachineDevice make(Use use, BusMemory bus) {
        int number = use.spec().device();
        devices[number] =
                new MachineDevice(specs.get(number), number, use.spec().frames(), bus, cores.get(use.core()));
        return devices[number];
    }

    /** The hypervisor drives the machine's devices, and each VM has a model of one. */
    public EmulatedDevices emulate(HypervisorImage image, Frames frames, GuestInterrupts interrupts) {
        if (!isEmpty()) {
            image.mapDevices(frames);
        }
        List<EmulatedDevice> emulated = new ArrayList<>();
        for (Use use : uses) {
            emulated.add(emulate(use, image, frames));
        }
        return new EmulatedDevices(cores, emulated, interrupts);
    }

    private EmulatedDevice emulate(Use use, HypervisorImage image, Frames frames) {
        BusMemory host = new HostBus(memory);
        BusMemory vm = new VmBus(memory, use.memory(), use.memoryBytes());
        MachineDevice real = make(use, host);
        EmulatedDevice device = new EmulatedDevice(
                image,
                new HostDriver(real, host, frames),
                vm,
                real.spec().clockHz(),
                new EmulatedDevice.Place(use.gpa(), real.vector(), use.vcpu(), use.vcpus()));
        refuse(use);
        NicUse nic = new NicUse(use.spec().device(), use.spec().replyBytes());
        vmDevices.add(
                new VmDevice(real.spec().name(), use.kernel().drive(nic, use.gpa(), vm, device.model()), real, device));
        return device;
    }

    /** Each access to a register exits. */
    private static void refuse(Use use) {
        if (!(use.memory() instanceof NestedMemory nested)) {
            throw new IllegalArgumentException("devices are emulated behind a second stage only");
        }
        for (int page = 0; page < RegisterWindow.PAGES; page++) {
            nested.refuse(use.gpa() + (long) page * PAGE_BYTES);
        }
    }

    /** Of all VMs, in the order of their uses: after the devices were given to them. */
    public List<VmDevice> vmDevices() {
        return List.copyOf(vmDevices);
    }

    /** Those that some VM uses. */
    public MachineDevices machineDevices() {
        return new MachineDevices(devices, memory.sizeBytes());
    }
}
