package hvsim.vmm;

import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
import hvsim.tlb.PageSize;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.cpu.HypervisorSpec;
import hvsim.vmm.cpu.ParavirtualSpec;
import hvsim.vmm.kernel.KernelChange;
import hvsim.vmm.memory.ComposedMemory;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.memory.MachineFrames;
import hvsim.vmm.memory.MemoryMap;
import hvsim.vmm.memory.MemoryTechnique;
import hvsim.vmm.memory.NestedMemory;
import hvsim.vmm.memory.direct.DirectLayout;
import hvsim.vmm.memory.direct.DirectMemory;
import hvsim.vmm.memory.filled.SoftwareFilledMemory;
import hvsim.vmm.memory.shadow.ShadowMemory;
import hvsim.vmm.memory.shadow.ShadowSpec;

/** Which way of giving a VM memory the shapes of its hypervisor and its guest mean: a line for each. */
final class MemoryTechniques {
    private final HypervisorSpec hypervisor;
    private final PhysicalMemory memory;
    private final MachineFrames frames;
    private final int pageLevels;

    MemoryTechniques(HypervisorSpec hypervisor, PhysicalMemory memory, MachineFrames frames, int pageLevels) {
        this.hypervisor = hypervisor;
        this.memory = memory;
        this.frames = frames;
        this.pageLevels = pageLevels;
    }

    /**
     * @param its the VM's share of machine memory
     * @param tables the hypervisor's, for the tables of that VM
     */
    MemoryTechnique of(VmSpec vm, Frames its, Frames tables) {
        if (hypervisor instanceof ParavirtualSpec) {
            return direct(vm, its, tables);
        }
        MemoryMap map = map(vm.mode().tables(pageLevels), its, tables, vm.hostPage(), vm.memoryBytes());
        if (vm.ownHypervisor().isPresent()) {
            return composed(vm, map, tables);
        }
        if (hypervisor.shadow().isPresent()) {
            return shadow(vm, map, tables, hypervisor.shadow().get());
        }
        return hypervisor instanceof HardwareSpec ? new NestedMemory(map) : new SoftwareFilledMemory(memory, map);
    }

    private MemoryMap map(TableLayout guestLayout, Frames its, Frames tables, PageSize hostPage, long bytes) {
        return new MemoryMap(memory, pageLevels, guestLayout, frames, its, tables, hostPage, bytes);
    }

    private MemoryTechnique composed(VmSpec vm, MemoryMap map, Frames tables) {
        return new ComposedMemory(
                memory, map, tables, new ComposedMemory.Spec(vm.name(), vm.memoryBytes(), vm.hostPage()));
    }

    private MemoryTechnique shadow(VmSpec vm, MemoryMap map, Frames tables, ShadowSpec spec) {
        return new ShadowMemory(
                memory,
                map,
                vm.mode().paging(pageLevels),
                tables,
                frames.ofHypervisor(0),
                spec,
                vm.vcpus().size());
    }

    private MemoryTechnique direct(VmSpec vm, Frames its, Frames tables) {
        int vcpus = vm.vcpus().size();
        DirectLayout layout = DirectLayout.of(vm.mode().tables(pageLevels));
        long bytes = vm.memoryBytes() + KernelChange.extraBytes(layout, vm.memoryBytes(), vm.kernel(), vcpus);
        MemoryMap map = map(layout.tables(), its, tables, PageSize.SIZE_4K, bytes);
        return new DirectMemory(memory, layout, map, frames.ofHypervisor(0), vcpus);
    }
}
