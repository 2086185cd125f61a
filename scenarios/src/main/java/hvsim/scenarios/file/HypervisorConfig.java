package hvsim.scenarios.file;

import hvsim.cpu.vmx.ExitReason;
import java.util.Map;

/** {@code hypervisor}: the software below the guests. */
public record HypervisorConfig(
        HypervisorType type,
        CpuTechnique cpu,
        MemoryTechnique memory,
        SchedulerConfig scheduler,
        Features features,
        HypervisorCycles cycles) {

    public record SchedulerConfig(SchedulerPolicy policy, Time slice) {
        static final int DEFAULT_WEIGHT = 100;
    }

    /**
     * {@code hypervisor.cycles}: the software's own work; its memory references, VMREADs and table edits are
     * charged by the model.
     *
     * @param dispatch for every exit
     * @param reasons beyond that, by exit reason; every reason is there
     */
    public record HypervisorCycles(int dispatch, Map<ExitReason, Integer> reasons) {}
}
