package hvsim.cpu;

import hvsim.tlb.Snapshot;

/** A virtual-machine control structure: what VMREAD and VMWRITE see, and what transitions use. */
public final class Vmcs {
    private static final VmcsField[] FIELDS = VmcsField.values();

    /** EPTP bits 5:3, walk length minus 1, and bits 2:0, memory type write-back. */
    private static final long EPTP_FOUR_LEVELS_WRITE_BACK = 3 << 3 | 6;

    private static final long EPTP_ACCESSED_DIRTY = 1 << 6;
    private static final long EPTP_ROOT = 0x000F_FFFF_FFFF_F000L;

    private final long[] values = new long[FIELDS.length];

    public long read(VmcsField field) {
        return values[field.ordinal()];
    }

    /** Keeps the low bits that the field is wide. */
    public void write(VmcsField field, long value) {
        int unused = 64 - field.widthBits();
        values[field.ordinal()] = value << unused >>> unused;
    }

    public void set(VmxControl control, boolean on) {
        long word = read(control.word());
        write(control.word(), on ? word | control.mask() : word & ~control.mask());
    }

    /** Whether a control is in force; secondary controls need "activate secondary controls". */
    public boolean has(VmxControl control) {
        boolean set = (read(control.word()) & control.mask()) != 0;
        return set && (control.word() != VmcsField.SECONDARY_CONTROLS || has(VmxControl.ACTIVATE_SECONDARY_CONTROLS));
    }

    /** Sets EPTP for four-level tables. */
    public void writeEptp(long rootHpa, boolean accessedDirty) {
        write(VmcsField.EPT_POINTER, rootHpa | EPTP_FOUR_LEVELS_WRITE_BACK | (accessedDirty ? EPTP_ACCESSED_DIRTY : 0));
    }

    /** EPTP bits 51:12: where the second stage's root table is, and the tag of what is cached under it. */
    long ep4ta() {
        return read(VmcsField.EPT_POINTER) & EPTP_ROOT;
    }

    boolean keepsEptAccessedDirty() {
        return (read(VmcsField.EPT_POINTER) & EPTP_ACCESSED_DIRTY) != 0;
    }

    /** The VPID that translations are tagged with in non-root mode: 0 without "enable VPID". */
    public int effectiveVpid() {
        return has(VmxControl.ENABLE_VPID) ? (int) read(VmcsField.VPID) : 0;
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(values);
    }
}
