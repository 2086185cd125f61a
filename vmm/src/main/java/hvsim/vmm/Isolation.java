package hvsim.vmm;

import hvsim.cpu.HostStateReads;
import hvsim.vmm.cpu.CpuTechnique;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The audit at the end of a run: what a VM reached that is not its own, one sentence each. */
final class Isolation {
    private Isolation() {}

    static List<String> violations(Vm vm, CpuTechnique technique) {
        Set<String> found = new LinkedHashSet<>();
        found.add(vm.audit());
        vm.vcpus().forEach(counts -> found.add(technique.audit(counts.vcpu())));
        found.add(hostStateRead(vm));
        found.remove("");
        return new ArrayList<>(found);
    }

    private static String hostStateRead(Vm vm) {
        Set<String> mnemonics = new TreeSet<>();
        long count = 0;
        for (VcpuCounts counts : vm.vcpus()) {
            HostStateReads reads = counts.vcpu().hostStateReads();
            reads.instructions().forEach(instruction -> mnemonics.add(instruction.mnemonic()));
            count += reads.total();
        }
        return count == 0
                ? ""
                : String.join(", ", mnemonics) + " read registers of the hypervisor, " + count + " times";
    }
}
