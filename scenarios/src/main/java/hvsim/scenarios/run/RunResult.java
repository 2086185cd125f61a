package hvsim.scenarios.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one run of one configuration found. Base units are in the names; shares are 0 to 1; a value that
 * is undefined (a rate of nothing) is null.
 *
 * @param run name under {@code compare}, or "main", or "native"
 * @param point number of the sweep point, from 0
 * @param replicate number of the seed, from 0
 * @param set what this run changes of the scenario: path to value
 * @param fidelity "equal" or "differs" to the native run; null where no native run was made
 * @param firstDifference where fidelity was lost; null if it was not
 * @param slowdown cycles relative to the native run
 * @param safety "held" or "violated"; null for a native run
 * @param violations what the audit found, one sentence each
 * @param lostControlCycles longest time the hypervisor was without control of a core
 * @param vms by the name of the VM
 * @param phases by name, of all virtual processors that have a phase of that name; empty without phases
 * @param intervals in order; empty without {@code run.interval}
 * @param devices by name; missing where no VM uses any
 */
public record RunResult(
        String run,
        int point,
        int replicate,
        long seed,
        Map<String, Object> set,
        @Nullable String fidelity,
        @Nullable FirstDifference firstDifference,
        @Nullable Double slowdown,
        @Nullable String safety,
        List<String> violations,
        @Nullable Long lostControlCycles,
        @JsonUnwrapped Counts counts,
        Map<String, VmCounts> vms,
        Map<String, Counts> phases,
        List<Interval> intervals,

        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, DeviceCounts> devices) {

    /** Without devices. */
    public RunResult(
            String run,
            int point,
            int replicate,
            long seed,
            Map<String, Object> set,
            @Nullable String fidelity,
            @Nullable FirstDifference firstDifference,
            @Nullable Double slowdown,
            @Nullable String safety,
            List<String> violations,
            @Nullable Long lostControlCycles,
            Counts counts,
            Map<String, VmCounts> vms,
            Map<String, Counts> phases,
            List<Interval> intervals) {
        this(
                run,
                point,
                replicate,
                seed,
                set,
                fidelity,
                firstDifference,
                slowdown,
                safety,
                violations,
                lostControlCycles,
                counts,
                vms,
                phases,
                intervals,
                Map.of());
    }

    /** The same with the counts of a part of it. */
    public RunResult with(Counts part) {
        return new RunResult(
                run,
                point,
                replicate,
                seed,
                set,
                fidelity,
                firstDifference,
                slowdown,
                safety,
                violations,
                lostControlCycles,
                part,
                vms,
                phases,
                intervals,
                devices);
    }

    /**
     * What was counted: in the whole run, or for one VM, virtual processor, phase or interval.
     *
     * @param operations operations of the guests' programs that were counted
     * @param exits by reason as perf kvm stat spells it, ordered by SDM number, and "total" last
     * @param tlb by the name of the TLB, in the order of the machine's definition
     * @param translation null where kernels are not translated
     * @param direct null where guests register no tables
     * @param guestHypervisors null where no VM has a hypervisor of its own
     */
    public record Counts(
            long operations,
            Cycles cycles,
            Host host,
            Map<String, Exits> exits,
            Map<String, TlbCounts> tlb,
            Walks walks,
            Data data,
            Faults faults,
            @Nullable Translation translation,
            @Nullable Direct direct,
            @Nullable GuestHypervisors guestHypervisors) {}

    /** The first value that a guest saw differently. */
    public record FirstDifference(String vm, long operation, String instruction, String here, String natively) {}

    /** Where the cycles went; the parts add up to the total. */
    public record Cycles(
            long guestWork,
            long memory,
            long tlbSecondLevel,
            long guestWalk,
            long secondStageWalk,
            long transitions,
            long hypervisor,
            long host,
            long idle,
            long total) {}

    /**
     * What went on to those below or beside the hypervisor.
     *
     * @param passages exits whose work the hypervisor did not settle alone; null without one
     */
    public record Host(@Nullable Long passages) {}

    /**
     * Exits of one reason, or of all.
     *
     * @param number basic exit reason, or SVM's EXITCODE; null for the total
     * @param sdmName the manual's name, or SVM's; null for the total
     * @param cycles from the exit to the end of the next entry
     * @param details samples by sub-reason, such as "cr3:W" or "0x71:PIN"
     */
    public record Exits(
            @Nullable Integer number,
            @Nullable String sdmName,
            long samples,
            long cycles,
            long minCycles,
            long maxCycles,
            @Nullable Double meanCycles,
            Map<String, Long> details) {}

    /**
     * Look-ups that guests made in one TLB; those of the hypervisor stand apart.
     *
     * @param missesPer1000 misses per 1000 operations of the guests' programs
     * @param mpki misses per 1000 fetched instructions; null where the program has no fetches
     * @param keptExit share of a virtual processor's entries that survive an exit and the next entry
     * @param keptLastExit entries that survived the last exit, of each virtual processor that ever exited; null
     *     where none did
     * @param keptSwitch share of them that survive until it runs again after another one ran
     */
    public record TlbCounts(
            long lookups,
            long hits,
            long misses,
            @Nullable Double hitRate,
            @JsonProperty("misses_per_1000") @Nullable Double missesPer1000,
            @Nullable Double mpki,
            @Nullable Double keptExit,
            @Nullable Double keptSwitch,
            @Nullable Long keptLastExit,
            long hypervisorLookups,
            long hypervisorMisses) {}

    /**
     * Page walks that guests caused; those of the hypervisor's own code stand apart.
     *
     * @param count walks that ended in a translation
     * @param stopped walks that ended in a fault of either stage
     * @param rewalks of {@code count}, those that only had to renew rights or the dirty flag
     * @param references reads of table entries: guest + secondStage
     * @param saved references that a structure made unnecessary
     * @param walkerWaitCycles that walks waited because all page walkers were at work
     */
    public record Walks(
            long count,
            long stopped,
            long rewalks,
            long references,
            long guest,
            long secondStage,
            Served served,
            Saved saved,
            long hypervisorReferences,
            long walkerWaitCycles) {}

    /**
     * References by the level of the memory hierarchy that served them; null where they do not go through it.
     *
     * @param memoryRemote memory of another socket
     */
    public record Served(
            @Nullable Long l1,
            @Nullable Long l2,
            @Nullable Long l3,
            @Nullable Long memory,
            @Nullable Long memoryRemote) {}

    /**
     * Guests' data references and fetches, where these go through the memory hierarchy; those of the hypervisor stand
     * apart.
     *
     * @param references lines asked for
     */
    public record Data(
            @Nullable Long references,
            Served served,
            @Nullable Long hypervisorReferences) {}

    public record Saved(long guestCache, long nestedTlb, long secondStageCache) {}

    /**
     * What translating guests' kernels took, beside callouts, which are among the exits.
     *
     * @param blocks translated, those that were translated before among them
     * @param chained ways from one translation to another that needed no look-up
     * @param lookUps the other ways
     * @param inLine instructions that translated code emulated
     * @param retranslated blocks that were translated anew because their writes trapped often
     * @param evicted translations given up for lack of room
     * @param invalidated translations given up because the guest has written its code
     */
    public record Translation(
            long blocks, long chained, long lookUps, long inLine, long retranslated, long evicted, long invalidated) {}

    /**
     * What was done with registered tables.
     *
     * @param updates entries that hypercalls have changed
     * @param refused changes that were forged or wrong, and not made
     * @param tablesValidated frames that became tables: all their entries were looked at
     * @param pins root tables that were registered
     * @param emulatedWrites writes to tables that were done as updates
     */
    public record Direct(long updates, long refused, long tablesValidated, long pins, long emulatedWrites) {}

    /** Faults delivered to guests. */
    public record Faults(long pageFault) {}

    /**
     * What guest hypervisors have got and done.
     *
     * @param exits of their guests that they have handled, each up to the guest's next entry
     * @param ownExits their own, which are among all exits
     * @param exitsPerExit of the one for each of the other
     * @param cycles in which their programs ran in non-root mode, part of {@code cycles.hypervisor}
     */
    public record GuestHypervisors(
            Map<String, Exits> exits,
            Map<String, Exits> ownExits,
            @Nullable Double exitsPerExit,
            long cycles) {}

    /**
     * The part of one VM.
     *
     * @param waitingCycles in which its virtual processors could have run, but others did
     * @param vcpus by number
     * @param devices by name; missing where it uses none
     */
    public record VmCounts(
            @JsonUnwrapped Counts counts,
            @Nullable String fidelity,
            long memoryTouchedBytes,
            long waitingCycles,
            Map<String, Counts> vcpus,

            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, DeviceCounts> devices) {
        /** Without devices. */
        public VmCounts(
                Counts counts,
                @Nullable String fidelity,
                long memoryTouchedBytes,
                long waitingCycles,
                Map<String, Counts> vcpus) {
            this(counts, fidelity, memoryTouchedBytes, waitingCycles, vcpus, Map.of());
        }
    }

    /**
     * What a device has done.
     *
     * @param operations frames that were received and sent
     * @param drops frames that were lost
     * @param interrupts that the device, as the VM has it, has raised
     * @param exitsPerOperation of all exits that the device has caused; null without operations or hypervisor
     * @param exits by reason, and "total"
     */
    public record DeviceCounts(
            long operations,
            long received,
            long sent,
            long bytes,
            @Nullable Double bitsPerS,
            long drops,
            long interrupts,
            @Nullable Double exitsPerOperation,
            Map<String, DeviceExits> exits,
            Latency latency) {}

    /** Exits of one reason that a device has caused, or all. */
    public record DeviceExits(long samples, @Nullable Double perOperation) {}

    /** From a frame's coming to the line until the VM's driver finds it; null where none came. */
    public record Latency(
            @Nullable Double meanCycles,
            @Nullable Long p50Cycles,
            @Nullable Long p90Cycles,
            @Nullable Long p99Cycles,
            @Nullable Long maxCycles) {}

    /** What all VMs did between two times of the machine's clock. */
    public record Interval(
            long startCycles, long endCycles, @JsonUnwrapped Counts counts) {}
}
