package hvsim.scenarios.run;

import hvsim.cpu.Tally;
import hvsim.vmm.VcpuCounts;
import hvsim.vmm.Vm;
import java.util.List;
import java.util.function.Function;

/**
 * What was counted for one VM; lets go of the machine that it ran on.
 *
 * @param touchedBytes guest-physical memory that got a frame
 * @param waitingCycles in which its virtual processors could have run, but others did
 */
record VmTally(String name, List<VcpuTally> vcpus, long touchedBytes, long waitingCycles) {
    VmTally {
        vcpus = List.copyOf(vcpus);
    }

    /**
     * @param phases what was counted for a virtual processor, by phase
     * @param bare whether there is no hypervisor that gives it frames
     */
    static VmTally of(Vm vm, Function<VcpuCounts, List<Tally>> phases, long waitingCycles, boolean bare) {
        return new VmTally(
                vm.spec().name(),
                vm.vcpus().stream()
                        .map(vcpu -> VcpuTally.of(vcpu.vcpu(), phases.apply(vcpu)))
                        .toList(),
                bare ? vm.usedBytes() : vm.backedBytes(),
                waitingCycles);
    }

    /** What its machine has counted. */
    static VmTally of(Vm vm, long waitingCycles, boolean bare) {
        return of(vm, vcpu -> vcpu.vcpu().phases(), waitingCycles, bare);
    }

    Tally total() {
        return Tally.together(vcpus.stream().map(VcpuTally::total).toList());
    }

    long operations() {
        return total().operations();
    }

    /** Whether all its programs came to their ends. */
    boolean ended() {
        return vcpus.stream().allMatch(VcpuTally::ended);
    }
}
