package hvsim.scenarios.run;

import hvsim.vmm.Vm;
import java.util.List;

/**
 * What was counted for one VM.
 *
 * @param vcpus its virtual processors, by their numbers
 * @param touchedBytes guest-physical memory that got a frame
 */
record VmTally(String name, List<VcpuTally> vcpus, long touchedBytes) {
    /** @param bare whether there is no hypervisor that gives it frames */
    static VmTally of(Vm vm, boolean bare) {
        return new VmTally(
                vm.spec().name(),
                vm.vcpus().stream().map(VcpuTally::of).toList(),
                bare ? vm.usedBytes() : vm.backedBytes());
    }

    long operations() {
        return vcpus.stream().mapToLong(VcpuTally::operations).sum();
    }
}
