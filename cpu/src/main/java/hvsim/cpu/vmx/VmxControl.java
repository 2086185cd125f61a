package hvsim.cpu.vmx;

/**
 * Bits of the VM-execution, VM-exit and VM-entry controls.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), tables 24-5 to 24-7, 24-9, 24-10 and 24-12; bits that this edition does
 * not have are named as in later ones.
 */
public enum VmxControl {
    EXTERNAL_INTERRUPT_EXITING(VmcsField.PIN_BASED_CONTROLS, 0, "external-interrupt exiting"),
    NMI_EXITING(VmcsField.PIN_BASED_CONTROLS, 3, "NMI exiting"),
    VIRTUAL_NMIS(VmcsField.PIN_BASED_CONTROLS, 5, "virtual NMIs"),
    ACTIVATE_PREEMPTION_TIMER(VmcsField.PIN_BASED_CONTROLS, 6, "activate VMX-preemption timer"),
    PROCESS_POSTED_INTERRUPTS(VmcsField.PIN_BASED_CONTROLS, 7, "process posted interrupts"),
    INTERRUPT_WINDOW_EXITING(VmcsField.PRIMARY_CONTROLS, 2, "interrupt-window exiting"),
    USE_TSC_OFFSETTING(VmcsField.PRIMARY_CONTROLS, 3, "use TSC offsetting"),
    HLT_EXITING(VmcsField.PRIMARY_CONTROLS, 7, "HLT exiting"),
    INVLPG_EXITING(VmcsField.PRIMARY_CONTROLS, 9, "INVLPG exiting"),
    MWAIT_EXITING(VmcsField.PRIMARY_CONTROLS, 10, "MWAIT exiting"),
    RDPMC_EXITING(VmcsField.PRIMARY_CONTROLS, 11, "RDPMC exiting"),
    RDTSC_EXITING(VmcsField.PRIMARY_CONTROLS, 12, "RDTSC exiting"),
    CR3_LOAD_EXITING(VmcsField.PRIMARY_CONTROLS, 15, "CR3-load exiting"),
    CR3_STORE_EXITING(VmcsField.PRIMARY_CONTROLS, 16, "CR3-store exiting"),
    ACTIVATE_TERTIARY_CONTROLS(VmcsField.PRIMARY_CONTROLS, 17, "activate tertiary controls"),
    CR8_LOAD_EXITING(VmcsField.PRIMARY_CONTROLS, 19, "CR8-load exiting"),
    CR8_STORE_EXITING(VmcsField.PRIMARY_CONTROLS, 20, "CR8-store exiting"),
    USE_TPR_SHADOW(VmcsField.PRIMARY_CONTROLS, 21, "use TPR shadow"),
    NMI_WINDOW_EXITING(VmcsField.PRIMARY_CONTROLS, 22, "NMI-window exiting"),
    MOV_DR_EXITING(VmcsField.PRIMARY_CONTROLS, 23, "MOV-DR exiting"),
    UNCONDITIONAL_IO_EXITING(VmcsField.PRIMARY_CONTROLS, 24, "unconditional I/O exiting"),
    USE_IO_BITMAPS(VmcsField.PRIMARY_CONTROLS, 25, "use I/O bitmaps"),
    MONITOR_TRAP_FLAG(VmcsField.PRIMARY_CONTROLS, 27, "monitor trap flag"),
    USE_MSR_BITMAPS(VmcsField.PRIMARY_CONTROLS, 28, "use MSR bitmaps"),
    MONITOR_EXITING(VmcsField.PRIMARY_CONTROLS, 29, "MONITOR exiting"),
    PAUSE_EXITING(VmcsField.PRIMARY_CONTROLS, 30, "PAUSE exiting"),
    ACTIVATE_SECONDARY_CONTROLS(VmcsField.PRIMARY_CONTROLS, 31, "activate secondary controls"),
    VIRTUALIZE_APIC_ACCESSES(VmcsField.SECONDARY_CONTROLS, 0, "virtualize APIC accesses"),
    ENABLE_EPT(VmcsField.SECONDARY_CONTROLS, 1, "enable EPT"),
    DESCRIPTOR_TABLE_EXITING(VmcsField.SECONDARY_CONTROLS, 2, "descriptor-table exiting"),
    ENABLE_RDTSCP(VmcsField.SECONDARY_CONTROLS, 3, "enable RDTSCP"),
    VIRTUALIZE_X2APIC_MODE(VmcsField.SECONDARY_CONTROLS, 4, "virtualize x2APIC mode"),
    ENABLE_VPID(VmcsField.SECONDARY_CONTROLS, 5, "enable VPID"),
    WBINVD_EXITING(VmcsField.SECONDARY_CONTROLS, 6, "WBINVD exiting"),
    UNRESTRICTED_GUEST(VmcsField.SECONDARY_CONTROLS, 7, "unrestricted guest"),
    APIC_REGISTER_VIRTUALIZATION(VmcsField.SECONDARY_CONTROLS, 8, "APIC-register virtualization"),
    VIRTUAL_INTERRUPT_DELIVERY(VmcsField.SECONDARY_CONTROLS, 9, "virtual-interrupt delivery"),
    PAUSE_LOOP_EXITING(VmcsField.SECONDARY_CONTROLS, 10, "PAUSE-loop exiting"),
    RDRAND_EXITING(VmcsField.SECONDARY_CONTROLS, 11, "RDRAND exiting"),
    ENABLE_INVPCID(VmcsField.SECONDARY_CONTROLS, 12, "enable INVPCID"),
    ENABLE_VM_FUNCTIONS(VmcsField.SECONDARY_CONTROLS, 13, "enable VM functions"),
    VMCS_SHADOWING(VmcsField.SECONDARY_CONTROLS, 14, "VMCS shadowing"),
    ENABLE_ENCLS_EXITING(VmcsField.SECONDARY_CONTROLS, 15, "enable ENCLS exiting"),
    RDSEED_EXITING(VmcsField.SECONDARY_CONTROLS, 16, "RDSEED exiting"),
    ENABLE_PML(VmcsField.SECONDARY_CONTROLS, 17, "enable PML"),
    EPT_VIOLATION_VE(VmcsField.SECONDARY_CONTROLS, 18, "EPT-violation #VE"),
    CONCEAL_VMX_FROM_PT(VmcsField.SECONDARY_CONTROLS, 19, "conceal VMX from PT"),
    ENABLE_XSAVES_XRSTORS(VmcsField.SECONDARY_CONTROLS, 20, "enable XSAVES/XRSTORS"),
    PASID_TRANSLATION(VmcsField.SECONDARY_CONTROLS, 21, "PASID translation"),
    MODE_BASED_EXECUTE(VmcsField.SECONDARY_CONTROLS, 22, "mode-based execute control for EPT"),
    SUB_PAGE_WRITE_PERMISSIONS(VmcsField.SECONDARY_CONTROLS, 23, "sub-page write permissions for EPT"),
    PT_USES_GUEST_PHYSICAL_ADDRESSES(VmcsField.SECONDARY_CONTROLS, 24, "PT uses guest physical addresses"),
    USE_TSC_SCALING(VmcsField.SECONDARY_CONTROLS, 25, "use TSC scaling"),
    ENABLE_USER_WAIT_AND_PAUSE(VmcsField.SECONDARY_CONTROLS, 26, "enable user wait and pause"),
    ENABLE_PCONFIG(VmcsField.SECONDARY_CONTROLS, 27, "enable PCONFIG"),
    ENABLE_ENCLV_EXITING(VmcsField.SECONDARY_CONTROLS, 28, "enable ENCLV exiting"),
    VMM_BUS_LOCK_DETECTION(VmcsField.SECONDARY_CONTROLS, 30, "VMM bus-lock detection"),
    INSTRUCTION_TIMEOUT(VmcsField.SECONDARY_CONTROLS, 31, "instruction timeout"),
    LOADIWKEY_EXITING(VmcsField.TERTIARY_CONTROLS, 0, "LOADIWKEY exiting"),
    ENABLE_HLAT(VmcsField.TERTIARY_CONTROLS, 1, "enable HLAT"),
    EPT_PAGING_WRITE_CONTROL(VmcsField.TERTIARY_CONTROLS, 2, "EPT paging-write control"),
    GUEST_PAGING_VERIFICATION(VmcsField.TERTIARY_CONTROLS, 3, "guest-paging verification"),
    IPI_VIRTUALIZATION(VmcsField.TERTIARY_CONTROLS, 4, "IPI virtualization"),
    SEAM_GUEST_ADDRESS_WIDTH(VmcsField.TERTIARY_CONTROLS, 5, "SEAM guest-physical address width"),
    ENABLE_MSR_LIST_INSTRUCTIONS(VmcsField.TERTIARY_CONTROLS, 6, "enable MSR-list instructions"),
    VIRTUALIZE_IA32_SPEC_CTRL(VmcsField.TERTIARY_CONTROLS, 7, "virtualize IA32_SPEC_CTRL"),
    APIC_TIMER_VIRTUALIZATION(VmcsField.TERTIARY_CONTROLS, 8, "APIC-timer virtualization"),
    ENABLE_PBNDKB(VmcsField.TERTIARY_CONTROLS, 9, "enable PBNDKB"),
    PEBS_USES_GUEST_PHYSICAL_ADDRESSES(VmcsField.TERTIARY_CONTROLS, 12, "PEBS uses guest physical addresses"),
    EXIT_SAVE_DEBUG_CONTROLS(VmcsField.EXIT_CONTROLS, 2, "save debug controls"),
    HOST_ADDRESS_SPACE_SIZE(VmcsField.EXIT_CONTROLS, 9, "host address-space size"),
    EXIT_LOAD_IA32_PERF_GLOBAL_CTRL(VmcsField.EXIT_CONTROLS, 12, "load IA32_PERF_GLOBAL_CTRL"),
    ACKNOWLEDGE_INTERRUPT_ON_EXIT(VmcsField.EXIT_CONTROLS, 15, "acknowledge interrupt on exit"),
    EXIT_SAVE_IA32_PAT(VmcsField.EXIT_CONTROLS, 18, "save IA32_PAT"),
    EXIT_LOAD_IA32_PAT(VmcsField.EXIT_CONTROLS, 19, "load IA32_PAT"),
    EXIT_SAVE_IA32_EFER(VmcsField.EXIT_CONTROLS, 20, "save IA32_EFER"),
    EXIT_LOAD_IA32_EFER(VmcsField.EXIT_CONTROLS, 21, "load IA32_EFER"),
    SAVE_PREEMPTION_TIMER_VALUE(VmcsField.EXIT_CONTROLS, 22, "save VMX-preemption timer value"),
    EXIT_CLEAR_IA32_BNDCFGS(VmcsField.EXIT_CONTROLS, 23, "clear IA32_BNDCFGS"),
    EXIT_CONCEAL_VMX_FROM_PT(VmcsField.EXIT_CONTROLS, 24, "conceal VMX from PT"),
    EXIT_CLEAR_IA32_RTIT_CTL(VmcsField.EXIT_CONTROLS, 25, "clear IA32_RTIT_CTL"),
    EXIT_CLEAR_IA32_LBR_CTL(VmcsField.EXIT_CONTROLS, 26, "clear IA32_LBR_CTL"),
    EXIT_CLEAR_UINV(VmcsField.EXIT_CONTROLS, 27, "clear UINV"),
    EXIT_LOAD_CET_STATE(VmcsField.EXIT_CONTROLS, 28, "load CET state"),
    EXIT_LOAD_PKRS(VmcsField.EXIT_CONTROLS, 29, "load PKRS"),
    EXIT_SAVE_IA32_PERF_GLOBAL_CTL(VmcsField.EXIT_CONTROLS, 30, "save IA32_PERF_GLOBAL_CTL"),
    EXIT_ACTIVATE_SECONDARY_CONTROLS(VmcsField.EXIT_CONTROLS, 31, "activate secondary controls"),
    EXIT_SAVE_IA32_FRED_MSRS(VmcsField.SECONDARY_EXIT_CONTROLS, 0, "save IA32_FRED MSRs"),
    EXIT_LOAD_IA32_FRED_MSRS(VmcsField.SECONDARY_EXIT_CONTROLS, 1, "load IA32_FRED MSRs"),
    EXIT_LOAD_IA32_SPEC_CTRL(VmcsField.SECONDARY_EXIT_CONTROLS, 2, "load IA32_SPEC_CTRL"),
    EXIT_PREMATURELY_BUSY_SHADOW_STACK_INDICATION(
            VmcsField.SECONDARY_EXIT_CONTROLS, 3, "prematurely busy shadow stack indication"),
    ENTRY_LOAD_DEBUG_CONTROLS(VmcsField.ENTRY_CONTROLS, 2, "load debug controls"),
    IA32E_MODE_GUEST(VmcsField.ENTRY_CONTROLS, 9, "IA-32e mode guest"),
    ENTRY_TO_SMM(VmcsField.ENTRY_CONTROLS, 10, "entry to SMM"),
    ENTRY_DEACTIVATE_DUAL_MONITOR_TREATMENT(VmcsField.ENTRY_CONTROLS, 11, "deactivate dual-monitor treatment"),
    ENTRY_LOAD_IA32_PERF_GLOBAL_CTRL(VmcsField.ENTRY_CONTROLS, 13, "load IA32_PERF_GLOBAL_CTRL"),
    ENTRY_LOAD_IA32_PAT(VmcsField.ENTRY_CONTROLS, 14, "load IA32_PAT"),
    ENTRY_LOAD_IA32_EFER(VmcsField.ENTRY_CONTROLS, 15, "load IA32_EFER"),
    ENTRY_LOAD_IA32_BNDCFGS(VmcsField.ENTRY_CONTROLS, 16, "load IA32_BNDCFGS"),
    ENTRY_CONCEAL_VMX_FROM_PT(VmcsField.ENTRY_CONTROLS, 17, "conceal VMX from PT"),
    ENTRY_LOAD_IA32_RTIT_CTL(VmcsField.ENTRY_CONTROLS, 18, "load IA32_RTIT_CTL"),
    ENTRY_LOAD_UINV(VmcsField.ENTRY_CONTROLS, 19, "load UINV"),
    ENTRY_LOAD_CET_STATE(VmcsField.ENTRY_CONTROLS, 20, "load CET state"),
    ENTRY_LOAD_GUEST_IA32_LBR_CTL(VmcsField.ENTRY_CONTROLS, 21, "load guest IA32_LBR_CTL"),
    ENTRY_LOAD_PKRS(VmcsField.ENTRY_CONTROLS, 22, "load PKRS"),
    ENTRY_LOAD_IA32_FRED_MSRS(VmcsField.ENTRY_CONTROLS, 23, "load IA32_FRED MSRs"),
    ENTRY_LOAD_IA32_SPEC_CTRL(VmcsField.ENTRY_CONTROLS, 24, "load IA32_SPEC_CTRL"),
    ENTRY_ALLOW_SEAM_GUEST_TELEMETRY(VmcsField.ENTRY_CONTROLS, 25, "allow SEAM guest telemetry"),
    EPTP_SWITCHING(VmcsField.VM_FUNCTION_CONTROLS, 0, "EPTP switching");

    private final VmcsField word;
    private final int bit;
    private final long mask;
    private final String sdmName;

    VmxControl(VmcsField word, int bit, String sdmName) {
        this.word = word;
        this.bit = bit;
        this.mask = 1L << bit;
        this.sdmName = sdmName;
    }

    /** The field of the VMCS that has the bit. */
    public VmcsField word() {
        return word;
    }

    /** Number of the bit in its word. */
    public int bit() {
        return bit;
    }

    public String sdmName() {
        return sdmName;
    }

    long mask() {
        return mask;
    }
}
