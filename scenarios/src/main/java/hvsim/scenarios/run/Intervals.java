package hvsim.scenarios.run;

import hvsim.cpu.Tally;
import hvsim.vmm.Machine;
import hvsim.vmm.VcpuCounts;
import hvsim.vmm.Vm;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts of a machine by interval. At each border the machine's counts are taken out of it, so that an interval's
 * shortest and longest exit are its own; what was taken is added up for the whole.
 */
final class Intervals {
    private static final int MOST = 10_000;

    private final Map<VcpuCounts, List<Tally>> totals = new LinkedHashMap<>();
    private final Set<VcpuCounts> warm = new HashSet<>();
    private final List<Stretch> stretches = new ArrayList<>();
    private final boolean afterMark;
    private long startCycles;

    /**
     * @param afterMark whether each program tells where its counting starts
     * @param startCycles where the first interval begins
     */
    Intervals(boolean afterMark, long startCycles) {
        this.afterMark = afterMark;
        this.startCycles = startCycles;
    }

    /** An interval ends. */
    void cut(Machine machine) throws UnrunnableException {
        List<Tally> pieces = new ArrayList<>();
        for (Vm vm : machine.vms()) {
            vm.vcpus().forEach(vcpu -> pieces.addAll(cut(vcpu)));
        }
        if (!pieces.isEmpty()) {
            stretches.add(new Stretch(startCycles, machine.clock(), Tally.together(pieces)));
        }
        startCycles = machine.clock();
        checkCount();
    }

    /** What belongs to the interval. */
    private List<Tally> cut(VcpuCounts vcpu) {
        List<Tally> taken = vcpu.take();
        boolean counting = !afterMark || vcpu.vcpu().isCounting();
        if (counting && warm.add(vcpu)) {
            totals.remove(vcpu);
        }
        add(vcpu, taken);
        return counting ? taken : List.of();
    }

    private void add(VcpuCounts vcpu, List<Tally> taken) {
        List<Tally> sums = totals.computeIfAbsent(vcpu, one -> new ArrayList<>());
        for (int phase = 0; phase < taken.size(); phase++) {
            if (phase == sums.size()) {
                sums.add(new Tally());
            }
            sums.get(phase).addLater(taken.get(phase));
        }
    }

    private void checkCount() throws UnrunnableException {
        if (stretches.size() > MOST) {
            throw new UnrunnableException("error: run.interval: more than 10,000 intervals", "use a longer one");
        }
    }

    /** What was counted by phase in all intervals. */
    List<Tally> total(VcpuCounts vcpu) {
        return totals.getOrDefault(vcpu, List.of(new Tally()));
    }

    List<Stretch> stretches() {
        return stretches;
    }
}
