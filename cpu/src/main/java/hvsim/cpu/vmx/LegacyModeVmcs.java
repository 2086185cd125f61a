package hvsim.cpu.vmx;

/** What the VMCS of a guest in protected mode, without IA-32e mode, has otherwise than that of a 64-bit one. */
public final class LegacyModeVmcs {
    private LegacyModeVmcs() {}

    /** Changes a VMCS that {@link LongModeVmcs} has prepared. */
    public static void adapt(Vmcs vmcs) {
        vmcs.set(VmxControl.IA32E_MODE_GUEST, false);
        vmcs.write(VmcsField.GUEST_EFER, 0);
        long code = vmcs.read(VmcsField.GUEST_CS_ACCESS_RIGHTS);
        vmcs.write(VmcsField.GUEST_CS_ACCESS_RIGHTS, code & ~GuestSegment.LONG | GuestSegment.BIG);
    }
}
