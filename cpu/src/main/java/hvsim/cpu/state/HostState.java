package hvsim.cpu.state;

/**
 * The registers that a hypervisor loads for itself, and that deprivileged guests run under.
 *
 * @param ldtrSelector of its own local descriptor table
 * @param trSelector of its own task-state segment
 */
public record HostState(long cr0, long cr3, long cr4, long gdtrBase, long idtrBase, int ldtrSelector, int trSelector) {
    /** Into the processor. */
    public void load(Registers r) {
        r.cr0 = cr0;
        r.cr3 = cr3;
        r.cr4 = cr4;
        r.gdtrBase = gdtrBase;
        r.idtrBase = idtrBase;
        r.ldtrSelector = ldtrSelector;
        r.trSelector = trSelector;
    }
}
