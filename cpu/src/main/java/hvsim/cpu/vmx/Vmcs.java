package hvsim.cpu.vmx;

import hvsim.ept.EptPointer;
import hvsim.tlb.Snapshot;

/** A virtual-machine control structure: what VMREAD and VMWRITE see, and what transitions use. */
public final class Vmcs {
    private static final VmcsField[] FIELDS = VmcsField.values();

    private static final int[] CONCERNED_CHECKS = concernedChecks();

    private final long[] values = new long[FIELDS.length];

    /** Groups of checks that an entry has to make: all but those that passed since what they look at changed. */
    private int unchecked = CheckGroup.ALL;

    private static int[] concernedChecks() {
        int[] groups = new int[FIELDS.length];
        for (VmcsField field : FIELDS) {
            groups[field.ordinal()] = CheckGroup.concernedBy(field);
        }
        return groups;
    }

    /** Another one with the same in every field. */
    public Vmcs copy() {
        Vmcs copy = new Vmcs();
        System.arraycopy(values, 0, copy.values, 0, values.length);
        return copy;
    }

    public long read(VmcsField field) {
        return values[field.ordinal()];
    }

    /** Keeps the low bits that the field is wide. */
    public void write(VmcsField field, long value) {
        int unused = 64 - field.widthBits();
        long kept = value << unused >>> unused;
        int i = field.ordinal();
        if (values[i] != kept) {
            values[i] = kept;
            unchecked |= CONCERNED_CHECKS[i];
        }
    }

    /** Groups of checks that have to be made before the next entry, a bit for each. */
    int unchecked() {
        return unchecked;
    }

    void setUnchecked(int groups) {
        unchecked = groups;
    }

    public void set(VmxControl control, boolean on) {
        long word = read(control.word());
        write(control.word(), on ? word | control.mask() : word & ~control.mask());
    }

    /** Whether a control is in force: secondary and tertiary ones need the control that activates their word. */
    public boolean has(VmxControl control) {
        return (read(control.word()) & control.mask()) != 0
                && switch (control.word()) {
                    case SECONDARY_CONTROLS -> has(VmxControl.ACTIVATE_SECONDARY_CONTROLS);
                    case TERTIARY_CONTROLS -> has(VmxControl.ACTIVATE_TERTIARY_CONTROLS);
                    case SECONDARY_EXIT_CONTROLS -> has(VmxControl.EXIT_ACTIVATE_SECONDARY_CONTROLS);
                    case VM_FUNCTION_CONTROLS -> has(VmxControl.ENABLE_VM_FUNCTIONS);
                    default -> true;
                };
    }

    /** EPTP bits 51:12: where the second stage's root table is, and the tag of what is cached under it. */
    public long ep4ta() {
        return EptPointer.ep4ta(read(VmcsField.EPT_POINTER));
    }

    /** The VPID that translations are tagged with in non-root mode: 0 without "enable VPID". */
    public int effectiveVpid() {
        return has(VmxControl.ENABLE_VPID) ? (int) read(VmcsField.VPID) : 0;
    }

    public void transfer(Snapshot snapshot) {
        snapshot.transfer(values);
        unchecked = CheckGroup.ALL; // nothing but time depends on it
    }
}
