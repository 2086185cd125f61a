package hvsim.scenarios.file;

import hvsim.cpu.instruction.Instruction;
import java.util.List;
import java.util.Map;
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
            long operations, References references, List<InstructionRate> instructions, KernelConfig kernel) {}

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
     * @param operand the port of IN and OUT, the MSR of RDMSR and WRMSR, the value or address of others; empty
     *     if the file leaves it to the program
     */
    public record InstructionRate(Instruction instruction, OptionalLong operand, Rate rate) {}

    /**
     * {@code workload.kernel}: what the guest's kernel does.
     *
     * @param processes address spaces that take turns at a process switch
     * @param pcid whether each process has a PCID of its own
     */
    public record KernelConfig(int processes, boolean pcid, Rate processSwitch, Paging paging) {}
}
