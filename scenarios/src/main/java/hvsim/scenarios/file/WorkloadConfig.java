package hvsim.scenarios.file;

import hvsim.cpu.KernelEvent;
import hvsim.cpu.instruction.Instruction;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code workload}: what each virtual processor does.
 *
 * @param cyclesPerOperation cost of ordinary work, TLB and walks apart
 * @param instructions in the order of the file
 * @param phases in the order of the file; empty where the program does the same from beginning to end
 */
public record WorkloadConfig(
        References references,
        int cyclesPerOperation,
        List<InstructionRate> instructions,
        KernelConfig kernel,
        Map<String, PhaseConfig> phases) {

    /**
     * {@code workload.phases.NAME}: what the program does for some time.
     *
     * @param operations how long
     */
    public record PhaseConfig(
            long operations,
            References references,
            int cyclesPerOperation,
            List<InstructionRate> instructions,
            KernelConfig kernel) {}

    /** What an operation costs in each phase, or from beginning to end. */
    public List<Integer> operationCycles() {
        return phases.isEmpty()
                ? List.of(cyclesPerOperation)
                : phases.values().stream().map(PhaseConfig::cyclesPerOperation).toList();
    }

    /** All memory that it ever touches. */
    public List<References> allReferences() {
        return phases.isEmpty()
                ? List.of(references)
                : phases.values().stream().map(PhaseConfig::references).toList();
    }

    /** How long its phases are together; empty where it has none. */
    public OptionalLong phaseOperations() {
        return phases.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(phases.values().stream()
                        .mapToLong(PhaseConfig::operations)
                        .sum());
    }

    /**
     * One entry of {@code workload.instructions}.
     *
     * @param cpl privilege level that the guest executes it at, as it believes
     * @param operand the port of IN and OUT, the MSR of RDMSR and WRMSR, the value or address of others; empty
     *     if the file leaves it to the program
     */
    public record InstructionRate(Instruction instruction, int cpl, OptionalLong operand, Rate rate) {
        InstructionRate(Instruction instruction, OptionalLong operand, Rate rate) {
            this(instruction, 0, operand, rate);
        }
    }

    /**
     * {@code workload.kernel}: what the guest's kernel does.
     *
     * @param processes address spaces that take turns at a process switch
     * @param pcid whether each process has a PCID of its own
     * @param globalPages whether the kernel's own pages are global
     * @param pages that one map, unmap or protect covers
     * @param syscallBy empty for what is usual in the mode of the VM
     * @param lockHold work under the lock of one lock event
     * @param timer ticks of each virtual processor; empty for none
     * @param interruptsOff work of one event with interrupts off
     * @param rates of events, in the order in which equal places are settled; those without one are not in it
     */
    public record KernelConfig(
            int processes,
            boolean pcid,
            boolean globalPages,
            Paging paging,
            int pages,
            Optional<SyscallBy> syscallBy,
            Shootdown shootdown,
            Time lockHold,
            Optional<Frequency> timer,
            Time interruptsOff,
            Map<KernelEvent, Rate> rates) {

        public KernelConfig {
            rates = Collections.unmodifiableMap(new LinkedHashMap<>(rates));
        }

        /** The same kernel, asked for those events. */
        KernelConfig with(Map<KernelEvent, Rate> others) {
            return new KernelConfig(
                    processes,
                    pcid,
                    globalPages,
                    paging,
                    pages,
                    syscallBy,
                    shootdown,
                    lockHold,
                    timer,
                    interruptsOff,
                    others);
        }

        /** The same kernel, gone hostile. */
        KernelConfig with(HostileConfig hostile) {
            Map<KernelEvent, Rate> all = new LinkedHashMap<>(rates);
            all.putAll(hostile.events());
            return new KernelConfig(
                    processes,
                    pcid,
                    globalPages,
                    paging,
                    pages,
                    syscallBy,
                    shootdown,
                    lockHold,
                    timer,
                    hostile.interruptsOff(),
                    all);
        }

        /** How often an event comes. */
        public Rate rate(KernelEvent event) {
            return rates.getOrDefault(event, Rate.NEVER);
        }
    }

    /**
     * {@code workload.kernel.shootdown}.
     *
     * @param batch pages that are invalidated one by one; beyond that all of the process
     * @param lazy whether a virtual processor that runs another process flushes only when it comes back
     */
    public record Shootdown(int batch, boolean lazy) {}
}
