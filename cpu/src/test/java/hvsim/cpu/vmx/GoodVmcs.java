package hvsim.cpu.vmx;

import hvsim.cpu.state.Registers;
import hvsim.ept.PhysicalMemory;

/** VMCSs of several kinds of guests, each of which passes every check; and the memory that they point to. */
enum GoodVmcs {
    PLAIN_64_BIT,
    ALL_FEATURES,
    REAL_MODE,
    VIRTUAL_8086,
    PAE_WITH_EPT,
    PAE_WITHOUT_EPT,
    UNDER_32_BIT_HOST;

    static final long CURRENT = 0x1000;
    static final long REVISION_ONLY = 0x2000;
    static final long SHADOW = 0x3000;
    static final long WRONG_REVISION = 0x4000;
    static final long VIRTUAL_APIC = 0x5000;
    static final long MSR_LIST = 0x6000;
    static final long PDPT = 0x7020;
    private static final long PAGE = 0x8000;
    private static final long EPT_POINTER = 0x10_005E;
    private static final long DATA = 0x93;

    /** What the pointers point to: shadow and ordinary regions, a VTPR of A0H, three loadable MSRs, four PDPTEs. */
    static PhysicalMemory memory() {
        PhysicalMemory memory = new PhysicalMemory(1L << 20);
        fill(memory);
        return memory;
    }

    static void fill(PhysicalMemory memory) {
        memory.write(CURRENT, 1);
        memory.write(REVISION_ONLY, 1);
        memory.write(SHADOW, 1 | 1L << 31);
        memory.write(WRONG_REVISION, 2);
        memory.write(VIRTUAL_APIC + 0x80, 0xA0);
        long[] msrs = {0x174, 8, 0xC000_0082L, 0xFFFF_8000_0000_0000L, 0xC000_0080L, 0xD01};
        for (int i = 0; i < msrs.length; i++) {
            memory.write(MSR_LIST + 8L * i, msrs[i]);
        }
        for (int i = 0; i < 4; i++) {
            memory.write(PDPT + 8L * i, PAGE | 1);
        }
    }

    EntryContext context(PhysicalMemory memory) {
        return new EntryContext(VmxCapability.ALL, memory, CURRENT, isUnder64BitHost());
    }

    Vmcs make() {
        Vmcs vmcs = new Vmcs();
        GuestStateOf64Bit.write(vmcs);
        LongModeVmcs.prepare(vmcs);
        switch (this) {
            case PLAIN_64_BIT -> withEpt(vmcs);
            case ALL_FEATURES -> allFeatures(vmcs);
            case REAL_MODE -> realMode(vmcs);
            case VIRTUAL_8086 -> virtual8086(vmcs);
            case PAE_WITH_EPT -> {
                withEpt(vmcs);
                pae(vmcs);
                vmcs.write(VmcsField.GUEST_PDPTE0, PAGE | 1);
            }
            case PAE_WITHOUT_EPT -> pae(vmcs);
            case UNDER_32_BIT_HOST -> under32BitHost(vmcs);
        }
        return vmcs;
    }

    private static void withEpt(Vmcs vmcs) {
        vmcs.set(VmxControl.ACTIVATE_SECONDARY_CONTROLS, true);
        vmcs.set(VmxControl.ENABLE_EPT, true);
        vmcs.set(VmxControl.ENABLE_VPID, true);
        vmcs.write(VmcsField.VPID, 1);
        vmcs.write(VmcsField.EPT_POINTER, EPT_POINTER);
    }

    private static void allFeatures(Vmcs vmcs) {
        for (VmxControl control : VmxControl.values()) {
            vmcs.set(control, VmxCapability.ALL.isImplemented(control));
        }
        vmcs.set(VmxControl.VIRTUALIZE_X2APIC_MODE, false);
        for (VmcsField field : VmcsField.values()) {
            if (field.name().endsWith("_ADDRESS") || field.name().contains("BITMAP")) {
                vmcs.write(field, PAGE);
            }
        }
        vmcs.write(VmcsField.VPID, 1);
        vmcs.write(VmcsField.EPT_POINTER, EPT_POINTER);
        vmcs.write(VmcsField.SUB_PAGE_PERMISSION_TABLE_POINTER, PAGE);
        vmcs.write(VmcsField.TSC_MULTIPLIER, 1);
        vmcs.write(VmcsField.CR3_TARGET_COUNT, 4);
        vmcs.write(VmcsField.VIRTUAL_APIC_ADDRESS, VIRTUAL_APIC);
        vmcs.write(VmcsField.POSTED_INTERRUPT_VECTOR, 0xF2);
        vmcs.write(VmcsField.VMCS_LINK_POINTER, SHADOW);
        vmcs.write(VmcsField.ENTRY_MSR_LOAD_ADDRESS, MSR_LIST);
        vmcs.write(VmcsField.ENTRY_MSR_LOAD_COUNT, 3);
        vmcs.write(VmcsField.EXIT_MSR_LOAD_COUNT, 1);
        vmcs.write(VmcsField.EXIT_MSR_STORE_COUNT, 1);
        vmcs.write(VmcsField.GUEST_PAT, 0x0007_0406_0007_0406L);
        vmcs.write(VmcsField.HOST_PAT, 0x0007_0406_0007_0406L);
        vmcs.write(VmcsField.HOST_EFER, Registers.EFER_LMA | Registers.EFER_LME);
        vmcs.write(VmcsField.GUEST_RFLAGS, 0x202);
    }

    private static void realMode(Vmcs vmcs) {
        withEpt(vmcs);
        vmcs.set(VmxControl.UNRESTRICTED_GUEST, true);
        vmcs.set(VmxControl.USE_TPR_SHADOW, true);
        vmcs.write(VmcsField.VIRTUAL_APIC_ADDRESS, VIRTUAL_APIC);
        vmcs.write(VmcsField.TPR_THRESHOLD, 0xA);
        vmcs.set(VmxControl.IA32E_MODE_GUEST, false);
        vmcs.write(VmcsField.GUEST_CR0, Registers.CR0_NE);
        vmcs.write(VmcsField.GUEST_CS_ACCESS_RIGHTS, DATA);
        vmcs.write(VmcsField.GUEST_CS_LIMIT, 0xFFFF);
    }

    private static void virtual8086(Vmcs vmcs) {
        vmcs.set(VmxControl.IA32E_MODE_GUEST, false);
        vmcs.write(VmcsField.GUEST_CR4, Registers.CR4_VMXE);
        vmcs.write(VmcsField.GUEST_RFLAGS, Registers.RFLAGS_VM | 2);
        for (GuestSegment segment : GuestSegment.values()) {
            if (segment != GuestSegment.LDTR && segment != GuestSegment.TR) {
                vmcs.write(segment.base(), vmcs.read(segment.selector()) << 4);
                vmcs.write(segment.limit(), 0xFFFF);
                vmcs.write(segment.accessRights(), 0xF3);
            }
        }
    }

    private static void under32BitHost(Vmcs vmcs) {
        virtual8086(vmcs);
        vmcs.set(VmxControl.HOST_ADDRESS_SPACE_SIZE, false);
        vmcs.write(VmcsField.HOST_SS_SELECTOR, 0x10);
        vmcs.set(VmxControl.ACTIVATE_SECONDARY_CONTROLS, true);
        vmcs.set(VmxControl.ENABLE_VM_FUNCTIONS, true);
        vmcs.write(VmcsField.GUEST_LDTR_ACCESS_RIGHTS, 0x82);
    }

    /** Whether its hypervisor runs in IA-32e mode. */
    boolean isUnder64BitHost() {
        return this != UNDER_32_BIT_HOST;
    }

    private static void pae(Vmcs vmcs) {
        vmcs.set(VmxControl.IA32E_MODE_GUEST, false);
        vmcs.write(VmcsField.GUEST_CR3, PDPT);
        vmcs.write(VmcsField.GUEST_CS_ACCESS_RIGHTS, 0xC09B);
    }

    /** Registers as a 64-bit kernel leaves them. */
    private static final class GuestStateOf64Bit {
        static void write(Vmcs vmcs) {
            Registers registers = new Registers();
            vmcs.write(VmcsField.GUEST_RFLAGS, registers.rflags);
            vmcs.write(VmcsField.GUEST_CR0, registers.cr0);
            vmcs.write(VmcsField.GUEST_CR4, registers.cr4);
        }
    }
}
