package hvsim.scenarios.file;

import java.util.Set;

/**
 * Defaults that stay what they are whatever the runs of {@code compare} change: those of the machine as long as its
 * preset stays, and of a TLB as long as no TLB changes; those of the
 * hypervisor's features as long as the machine has the same; the memory technique as long as the CPU technique stays.
 *
 * @param changed the paths that runs change
 */
record SafeDefaults(Set<String> changed) {
    boolean holds(String path) {
        if (path.startsWith("machine.tlb.")) {
            return !changes("machine.preset") && changed.stream().noneMatch(c -> c.startsWith("machine.tlb"));
        }
        if (path.startsWith("machine.")) {
            return !changes("machine.preset");
        }
        if (path.startsWith("hypervisor.features.")) {
            return !changes("machine.preset") && changed.stream().noneMatch(c -> c.startsWith("machine.features"));
        }
        if (path.equals("hypervisor.memory")) {
            return !changes("hypervisor.cpu");
        }
        return path.startsWith("hypervisor.") || path.startsWith("run.") && !path.equals("run.operations");
    }

    private boolean changes(String path) {
        return changed.stream().anyMatch(c -> path.equals(c) || path.startsWith(c + "."));
    }
}
