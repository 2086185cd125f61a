package hvsim.cpu.vmx;

/** What the VMCS of a guest in protected mode, without IA-32e mode, has otherwise than that of a 64-bit one. */
public final class LegacyModeVmcs {
    private static final long VIRTUAL_8086_LIMIT = 0xFFFF;
    private static final long VIRTUAL_8086_RIGHTS = 0xF3;

    private LegacyModeVmcs() {}

    /** Changes a VMCS that {@link LongModeVmcs} has prepared. */
    public static void adapt(Vmcs vmcs) {
        vmcs.set(VmxControl.IA32E_MODE_GUEST, false);
        vmcs.write(VmcsField.GUEST_EFER, 0);
        long code = vmcs.read(VmcsField.GUEST_CS_ACCESS_RIGHTS);
        vmcs.write(VmcsField.GUEST_CS_ACCESS_RIGHTS, code & ~GuestSegment.LONG | GuestSegment.BIG);
    }

    /** The same for virtual-8086 mode, with all segments at address 0 (26.3.1.2). */
    public static void adaptToVirtual8086(Vmcs vmcs) {
        adapt(vmcs);
        for (GuestSegment segment : GuestSegment.values()) {
            if (segment != GuestSegment.LDTR && segment != GuestSegment.TR) {
                vmcs.write(segment.selector(), 0);
                vmcs.write(segment.limit(), VIRTUAL_8086_LIMIT);
                vmcs.write(segment.accessRights(), VIRTUAL_8086_RIGHTS);
            }
        }
    }
}
