package hvsim.cpu.vmx;

import hvsim.cpu.state.Registers;

/**
 * What the VMCS of a 64-bit guest under a 64-bit hypervisor has in common with every other: controls that must be 1,
 * flat segments, and the host state. The rest is 0, and every check of a VM entry passes.
 */
public final class LongModeVmcs {
    private static final int HOST_CODE = 0x08;
    private static final int HOST_TSS = 0x10;
    private static final int GUEST_CODE = 0x10;
    private static final int GUEST_DATA = 0x18;
    private static final int GUEST_TSS = 0x40;
    private static final int TSS_LIMIT = 0x67;
    private static final long FLAT = 0xFFFF_FFFFL;
    private static final int ACCESSED_CODE = 0xB;
    private static final int ACCESSED_DATA = 3;
    private static final int BUSY_TSS = 0xB;
    private static final int PRESENT_SEGMENT = GuestSegment.PRESENT | GuestSegment.CODE_OR_DATA;
    private static final long DR7 = 0x400;
    private static final long RFLAGS = 2;

    private LongModeVmcs() {}

    /** Prepares a VMCS whose registers are already those of a 64-bit kernel; CR4.VMXE, which is 1, stays hidden. */
    public static void prepare(Vmcs vmcs) {
        for (VmcsField word : new VmcsField[] {
            VmcsField.PIN_BASED_CONTROLS, VmcsField.PRIMARY_CONTROLS, VmcsField.EXIT_CONTROLS, VmcsField.ENTRY_CONTROLS
        }) {
            vmcs.write(word, VmxCapability.ALL.mustBeOne(word));
        }
        vmcs.set(VmxControl.HOST_ADDRESS_SPACE_SIZE, true);
        vmcs.set(VmxControl.IA32E_MODE_GUEST, true);
        prepareHost(vmcs);
        prepareGuest(vmcs);
    }

    private static void prepareHost(Vmcs vmcs) {
        vmcs.write(VmcsField.HOST_CR0, Registers.CR0_PG | Registers.CR0_WP | VmxMsr.CR0_FIXED0);
        vmcs.write(VmcsField.HOST_CR4, Registers.CR4_PAE | VmxMsr.CR4_FIXED0);
        vmcs.write(VmcsField.HOST_CS_SELECTOR, HOST_CODE);
        vmcs.write(VmcsField.HOST_TR_SELECTOR, HOST_TSS);
    }

    private static void prepareGuest(Vmcs vmcs) {
        long cr4 = vmcs.read(VmcsField.GUEST_CR4);
        vmcs.write(VmcsField.CR4_READ_SHADOW, cr4);
        vmcs.write(VmcsField.CR4_GUEST_HOST_MASK, Registers.CR4_VMXE);
        vmcs.write(VmcsField.GUEST_CR4, cr4 | Registers.CR4_VMXE);
        vmcs.write(VmcsField.GUEST_EFER, Registers.EFER_SCE | Registers.EFER_LME | Registers.EFER_LMA);
        vmcs.write(VmcsField.GUEST_DR7, DR7);
        vmcs.write(VmcsField.GUEST_RFLAGS, vmcs.read(VmcsField.GUEST_RFLAGS) | RFLAGS);
        vmcs.write(VmcsField.VMCS_LINK_POINTER, EntryContext.NO_POINTER);
        for (GuestSegment segment : GuestSegment.values()) {
            prepare(vmcs, segment);
        }
    }

    private static void prepare(Vmcs vmcs, GuestSegment segment) {
        switch (segment) {
            case CS -> set(vmcs, segment, GUEST_CODE, FLAT, PRESENT_SEGMENT | GuestSegment.LONG | large(ACCESSED_CODE));
            case SS, DS, ES, FS, GS ->
                set(vmcs, segment, GUEST_DATA, FLAT, PRESENT_SEGMENT | GuestSegment.BIG | large(ACCESSED_DATA));
            case LDTR -> set(vmcs, segment, 0, 0, GuestSegment.UNUSABLE);
            case TR -> set(vmcs, segment, GUEST_TSS, TSS_LIMIT, GuestSegment.PRESENT | BUSY_TSS);
        }
    }

    private static int large(int type) {
        return GuestSegment.GRANULARITY | type;
    }

    private static void set(Vmcs vmcs, GuestSegment segment, int selector, long limit, int rights) {
        vmcs.write(segment.selector(), selector);
        vmcs.write(segment.limit(), limit);
        vmcs.write(segment.accessRights(), rights);
    }
}
