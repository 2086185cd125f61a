package hvsim.cpu.state;

/**
 * The registers that a hypervisor loads for itself, and that deprivileged guests run under.
 *
 * @param efer says whether both have 64 bits
 * @param ldtrSelector of its own local descriptor table
 * @param trSelector of its own task-state segment
 */
public record HostState(
        long cr0, long cr3, long cr4, long efer, long gdtrBase, long idtrBase, int ldtrSelector, int trSelector) {
    /** Into the processor. */
    public void load(Registers r) {
        r.cr0 = cr0;
        r.cr3 = cr3;
        r.cr4 = cr4;
        r.efer = efer;
        r.codeIs64Bit = r.isLongMode();
        r.gdtrBase = gdtrBase;
        r.idtrBase = idtrBase;
        r.ldtrSelector = ldtrSelector;
        r.trSelector = trSelector;
    }
}
