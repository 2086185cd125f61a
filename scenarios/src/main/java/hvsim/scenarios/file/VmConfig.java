package hvsim.scenarios.file;

/**
 * {@code vms.NAME}: one virtual machine, or {@code count} equal ones.
 *
 * @param guestPage leaf size of the guest's tables
 * @param hostPage leaf size of the second stage
 * @param workload the top-level workload, with what this VM changes of it
 */
public record VmConfig(
        int count,
        int vcpus,
        Bytes memory,
        PageChoice guestPage,
        PageChoice hostPage,
        Backing backing,
        WorkloadConfig workload) {

    /** The same as far as it matters without a hypervisor below. */
    public VmConfig natively() {
        return new VmConfig(1, vcpus, memory, guestPage, PageChoice.KIB_4, Backing.DEMAND, workload);
    }

    VmConfig single() {
        return new VmConfig(1, vcpus, memory, guestPage, hostPage, backing, workload);
    }
}
