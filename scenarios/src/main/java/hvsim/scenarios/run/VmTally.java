package hvsim.scenarios.run;

import hvsim.cpu.Tally;
import hvsim.vmm.Machine;
import hvsim.vmm.VcpuCounts;
import hvsim.vmm.Vm;
import hvsim.vmm.device.DeviceStats;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What was counted for one VM; lets go of the machine that it ran on.
 *
 * @param touchedBytes guest-physical memory that got a frame
 * @param waitingCycles in which its virtual processors could have run, but others did
 * @param devices that it uses, by name
 */
record VmTally(
        String name, List<VcpuTally> vcpus, long touchedBytes, long waitingCycles, Map<String, DeviceStats> devices) {
    VmTally {
        vcpus = List.copyOf(vcpus);
    }

    /**
     * @param phases what was counted for a virtual processor, by phase
     * @param bare whether there is no hypervisor that gives it frames
     */
    static VmTally of(Machine machine, Vm vm, Function<VcpuCounts, List<Tally>> phases, boolean bare) {
        return new VmTally(
                vm.spec().name(),
                vm.vcpus().stream()
                        .map(vcpu -> VcpuTally.of(vcpu.vcpu(), phases.apply(vcpu)))
                        .toList(),
                bare ? vm.usedBytes() : vm.backedBytes(),
                machine.waitingCycles(vm),
                machine.deviceStats(vm));
    }

    /** What its machine has counted. */
    static VmTally of(Machine machine, Vm vm, boolean bare) {
        return of(machine, vm, vcpu -> vcpu.vcpu().phases(), bare);
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
