package hvsim.cpu.vmx;

import java.util.List;

/**
 * Checks on the VM-execution, VM-exit and VM-entry control fields; event injection apart.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 26.2.1; sub-page permissions, TSC scaling and tertiary controls as in
 * later editions.
 */
final class ControlChecks {
    private static final String EXECUTION = "26.2.1.1";
    private static final String EXIT = "26.2.1.2";
    private static final String ENTRY = "26.2.1.3";
    private static final int VTPR = 0x80;

    static final List<EntryRule> RULES = List.of(
            allowed(EXECUTION, VmcsField.PIN_BASED_CONTROLS, "pin-based VM-execution controls"),
            allowed(EXECUTION, VmcsField.PRIMARY_CONTROLS, "primary VM-execution controls"),
            new EntryRule(
                    EXECUTION,
                    "secondary VM-execution controls have a setting that the capability MSR allows, if activated",
                    s -> s.has(VmxControl.ACTIVATE_SECONDARY_CONTROLS) && s.isDisallowed(VmcsField.SECONDARY_CONTROLS)),
            new EntryRule(
                    EXECUTION,
                    "tertiary VM-execution controls have a setting that the capability MSR allows, if activated",
                    s -> s.has(VmxControl.ACTIVATE_TERTIARY_CONTROLS) && s.isDisallowed(VmcsField.TERTIARY_CONTROLS)),
            execution(
                    "the CR3-target count is at most that of IA32_VMX_MISC",
                    s -> s.get(VmcsField.CR3_TARGET_COUNT)
                            > VmxMisc.cr3Targets(s.capability().misc())),
            page(VmxControl.USE_IO_BITMAPS, VmcsField.IO_BITMAP_A, "I/O bitmap A"),
            page(VmxControl.USE_IO_BITMAPS, VmcsField.IO_BITMAP_B, "I/O bitmap B"),
            page(VmxControl.USE_MSR_BITMAPS, VmcsField.MSR_BITMAP, "the MSR bitmap"),
            page(VmxControl.USE_TPR_SHADOW, VmcsField.VIRTUAL_APIC_ADDRESS, "the virtual-APIC page"),
            execution(
                    "bits 31:4 of the TPR threshold are 0 without virtual-interrupt delivery",
                    s -> usesThreshold(s) && s.any(VmcsField.TPR_THRESHOLD, ~0xFL)),
            execution(
                    "the TPR threshold is not above VTPR bits 7:4, where nothing else virtualizes the APIC",
                    s -> usesThreshold(s)
                            && s.lacks(VmxControl.VIRTUALIZE_APIC_ACCESSES)
                            && (s.get(VmcsField.TPR_THRESHOLD) & 0xF) > (vtpr(s) >>> 4)),
            execution(
                    "virtual NMIs need NMI exiting",
                    s -> s.has(VmxControl.VIRTUAL_NMIS) && s.lacks(VmxControl.NMI_EXITING)),
            execution(
                    "NMI-window exiting needs virtual NMIs",
                    s -> s.has(VmxControl.NMI_WINDOW_EXITING) && s.lacks(VmxControl.VIRTUAL_NMIS)),
            page(VmxControl.VIRTUALIZE_APIC_ACCESSES, VmcsField.APIC_ACCESS_ADDRESS, "the APIC-access page"),
            needs(VmxControl.VIRTUALIZE_X2APIC_MODE, VmxControl.USE_TPR_SHADOW),
            needs(VmxControl.APIC_REGISTER_VIRTUALIZATION, VmxControl.USE_TPR_SHADOW),
            needs(VmxControl.VIRTUAL_INTERRUPT_DELIVERY, VmxControl.USE_TPR_SHADOW),
            needs(VmxControl.IPI_VIRTUALIZATION, VmxControl.USE_TPR_SHADOW),
            execution(
                    "the PID-pointer table is 8-byte aligned and within the physical-address width",
                    s -> s.has(VmxControl.IPI_VIRTUALIZATION) && isBadPidPointerTable(s)),
            execution(
                    "virtualize x2APIC mode excludes virtualize APIC accesses",
                    s -> s.has(VmxControl.VIRTUALIZE_X2APIC_MODE) && s.has(VmxControl.VIRTUALIZE_APIC_ACCESSES)),
            needs(VmxControl.VIRTUAL_INTERRUPT_DELIVERY, VmxControl.EXTERNAL_INTERRUPT_EXITING),
            needs(VmxControl.PROCESS_POSTED_INTERRUPTS, VmxControl.VIRTUAL_INTERRUPT_DELIVERY),
            needs(VmxControl.PROCESS_POSTED_INTERRUPTS, VmxControl.ACKNOWLEDGE_INTERRUPT_ON_EXIT),
            execution(
                    "the posted-interrupt notification vector is below 256",
                    s -> s.has(VmxControl.PROCESS_POSTED_INTERRUPTS)
                            && s.any(VmcsField.POSTED_INTERRUPT_VECTOR, 0xFF00)),
            execution(
                    "the posted-interrupt descriptor is 64-byte aligned and within the physical-address width",
                    s -> s.has(VmxControl.PROCESS_POSTED_INTERRUPTS)
                            && (s.any(VmcsField.POSTED_INTERRUPT_DESCRIPTOR_ADDRESS, 0x3F)
                                    || s.isTooWide(VmcsField.POSTED_INTERRUPT_DESCRIPTOR_ADDRESS))),
            execution(
                    "the VPID is not 0 if VPIDs are enabled",
                    s -> s.has(VmxControl.ENABLE_VPID) && s.get(VmcsField.VPID) == 0),
            execution(
                    "the EPT pointer has a supported memory type and walk length, and no reserved bit",
                    s -> s.has(VmxControl.ENABLE_EPT) && s.isBadEptPointer()),
            needs(VmxControl.ENABLE_PML, VmxControl.ENABLE_EPT),
            page(VmxControl.ENABLE_PML, VmcsField.PML_ADDRESS, "the page-modification log"),
            needs(VmxControl.UNRESTRICTED_GUEST, VmxControl.ENABLE_EPT),
            needs(VmxControl.MODE_BASED_EXECUTE, VmxControl.ENABLE_EPT),
            needs(VmxControl.SUB_PAGE_WRITE_PERMISSIONS, VmxControl.ENABLE_EPT),
            page(
                    VmxControl.SUB_PAGE_WRITE_PERMISSIONS,
                    VmcsField.SUB_PAGE_PERMISSION_TABLE_POINTER,
                    "the sub-page-permission table"),
            execution(
                    "VM-function controls have no reserved bit",
                    s -> s.has(VmxControl.ENABLE_VM_FUNCTIONS) && s.isDisallowed(VmcsField.VM_FUNCTION_CONTROLS)),
            needs(VmxControl.EPTP_SWITCHING, VmxControl.ENABLE_EPT),
            page(VmxControl.EPTP_SWITCHING, VmcsField.EPTP_LIST_ADDRESS, "the EPTP list"),
            page(VmxControl.VMCS_SHADOWING, VmcsField.VMREAD_BITMAP, "the VMREAD bitmap"),
            page(VmxControl.VMCS_SHADOWING, VmcsField.VMWRITE_BITMAP, "the VMWRITE bitmap"),
            page(
                    VmxControl.EPT_VIOLATION_VE,
                    VmcsField.VIRTUALIZATION_EXCEPTION_INFORMATION_ADDRESS,
                    "the virtualization-exception information"),
            execution(
                    "the TSC multiplier is not 0 if the TSC is scaled",
                    s -> s.has(VmxControl.USE_TSC_SCALING) && s.get(VmcsField.TSC_MULTIPLIER) == 0),
            allowed(EXIT, VmcsField.EXIT_CONTROLS, "VM-exit controls"),
            new EntryRule(
                    EXIT,
                    "saving the preemption timer needs the preemption timer",
                    s -> s.has(VmxControl.SAVE_PREEMPTION_TIMER_VALUE)
                            && s.lacks(VmxControl.ACTIVATE_PREEMPTION_TIMER)),
            list(EXIT, VmcsField.EXIT_MSR_STORE_ADDRESS, VmcsField.EXIT_MSR_STORE_COUNT, "VM-exit MSR-store"),
            list(EXIT, VmcsField.EXIT_MSR_LOAD_ADDRESS, VmcsField.EXIT_MSR_LOAD_COUNT, "VM-exit MSR-load"),
            allowed(ENTRY, VmcsField.ENTRY_CONTROLS, "VM-entry controls"),
            list(ENTRY, VmcsField.ENTRY_MSR_LOAD_ADDRESS, VmcsField.ENTRY_MSR_LOAD_COUNT, "VM-entry MSR-load"));

    private ControlChecks() {}

    private static EntryRule execution(String text, EntryRule.Violation violation) {
        return new EntryRule(EXECUTION, text, violation);
    }

    private static EntryRule allowed(String section, VmcsField word, String name) {
        return new EntryRule(
                section, name + " have a setting that the capability MSR allows", s -> s.isDisallowed(word));
    }

    private static EntryRule needs(VmxControl control, VmxControl needed) {
        return execution(control.sdmName() + " needs " + needed.sdmName(), s -> s.has(control) && s.lacks(needed));
    }

    private static EntryRule page(VmxControl control, VmcsField address, String name) {
        return execution(
                name + " is 4-KiB aligned and within the physical-address width",
                s -> s.has(control) && s.isNoPage(address));
    }

    private static EntryRule list(String section, VmcsField address, VmcsField count, String name) {
        return new EntryRule(
                section,
                "the " + name + " list is 16-byte aligned and within the physical-address width",
                s -> s.isBadList(address, count));
    }

    private static boolean isBadPidPointerTable(EntryState s) {
        long last = s.get(VmcsField.PID_POINTER_TABLE_ADDRESS) + 8 * s.get(VmcsField.LAST_PID_POINTER_INDEX);
        return s.any(VmcsField.PID_POINTER_TABLE_ADDRESS, 7)
                || s.isTooWide(VmcsField.PID_POINTER_TABLE_ADDRESS)
                || !s.capability().isPhysical(last);
    }

    private static boolean usesThreshold(EntryState s) {
        return s.has(VmxControl.USE_TPR_SHADOW) && s.lacks(VmxControl.VIRTUAL_INTERRUPT_DELIVERY);
    }

    private static long vtpr(EntryState s) {
        return s.memory(s.get(VmcsField.VIRTUAL_APIC_ADDRESS) + VTPR) & 0xFF;
    }
}
