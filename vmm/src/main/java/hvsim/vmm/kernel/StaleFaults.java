package hvsim.vmm.kernel;

import hvsim.cpu.Vcpu;
import hvsim.tlb.Snapshot;
import java.util.Arrays;
import java.util.List;

/**
 * Faults on pages whose entry permits everything. The first at a place of a program may come of a translation that
 * was cached before another virtual processor gave the right: the fault itself has dropped it, and the access is tried
 * again (Intel SDM vol. 3, 325384-059US, 4.10.4.3). One that comes again there is forbidden for another reason.
 */
final class StaleFaults {
    private static final long NEVER = -1;

    private final List<Vcpu> vcpus;
    private final long[] operation;
    private final long[] page;

    StaleFaults(List<Vcpu> vcpus) {
        this.vcpus = List.copyOf(vcpus);
        this.operation = new long[vcpus.size()];
        this.page = new long[vcpus.size()];
        Arrays.fill(operation, NEVER);
    }

    boolean isFirst(int vcpu, long gva) {
        long place = vcpus.get(vcpu).allOperations();
        boolean again = operation[vcpu] == place && page[vcpu] == gva;
        operation[vcpu] = place;
        page[vcpu] = gva;
        return vcpus.size() > 1 && !again;
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(operation);
        snapshot.transfer(page);
    }
}
