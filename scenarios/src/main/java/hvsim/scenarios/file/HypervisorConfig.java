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
        HandlersConfig handlers,
        HypervisorCycles cycles) {

    public record SchedulerConfig(SchedulerPolicy policy, Time slice) {
        static final int DEFAULT_WEIGHT = 100;
    }

    /**
     * {@code hypervisor.handlers}: how its handlers are written.
     *
     * @param shortPath whether commands and deadlines of local APICs are handled ahead of the common path
     * @param timerAdvance how long before its deadline a guest's timer is looked after
     */
    public record HandlersConfig(Ports ports, boolean shortPath, Time timerAdvance) {}

    /**
     * {@code hypervisor.cycles}: the software's own work; its memory references, VMREADs and table edits are
     * charged by the model.
     *
     * @param dispatch for every exit
     * @param userSpace for what is answered in user mode
     * @param reasons beyond that, by exit reason; every reason is there
     */
    public record HypervisorCycles(int dispatch, int userSpace, Map<ExitReason, Integer> reasons) {}
}
