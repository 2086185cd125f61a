package hvsim.cpu.vmx;

/**
 * VM-instruction errors: what VMfailValid leaves in the current VMCS.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), table 30-1.
 */
public enum VmxError {
    /** No error; no instruction fails with it. */
    NONE(0, "no error"),
    VMCALL_IN_ROOT(1, "VMCALL executed in VMX root operation"),
    VMCLEAR_INVALID_ADDRESS(2, "VMCLEAR with invalid physical address"),
    VMCLEAR_VMXON_POINTER(3, "VMCLEAR with VMXON pointer"),
    VMLAUNCH_NOT_CLEAR(4, "VMLAUNCH with non-clear VMCS"),
    VMRESUME_NOT_LAUNCHED(5, "VMRESUME with non-launched VMCS"),
    VMRESUME_AFTER_VMXOFF(6, "VMRESUME after VMXOFF (VMXOFF and VMXON between VMLAUNCH and VMRESUME)"),
    ENTRY_INVALID_CONTROL(7, "VM entry with invalid control field(s)"),
    ENTRY_INVALID_HOST_STATE(8, "VM entry with invalid host-state field(s)"),
    VMPTRLD_INVALID_ADDRESS(9, "VMPTRLD with invalid physical address"),
    VMPTRLD_VMXON_POINTER(10, "VMPTRLD with VMXON pointer"),
    VMPTRLD_WRONG_REVISION(11, "VMPTRLD with incorrect VMCS revision identifier"),
    UNSUPPORTED_FIELD(12, "VMREAD/VMWRITE from/to unsupported VMCS component"),
    VMWRITE_READ_ONLY(13, "VMWRITE to read-only VMCS component"),
    VMXON_IN_ROOT(15, "VMXON executed in VMX root operation"),
    ENTRY_INVALID_EXECUTIVE_POINTER(16, "VM entry with invalid executive-VMCS pointer"),
    ENTRY_EXECUTIVE_NOT_LAUNCHED(17, "VM entry with non-launched executive VMCS"),
    ENTRY_EXECUTIVE_NOT_VMXON(18, "VM entry with executive-VMCS pointer not VMXON pointer"),
    VMCALL_NOT_CLEAR(19, "VMCALL with non-clear VMCS"),
    VMCALL_INVALID_EXIT_CONTROLS(20, "VMCALL with invalid VM-exit control fields"),
    VMCALL_WRONG_MSEG(22, "VMCALL with incorrect MSEG revision identifier"),
    VMXOFF_UNDER_DUAL_MONITOR(23, "VMXOFF under dual-monitor treatment of SMIs and SMM"),
    VMCALL_INVALID_SMM_FEATURES(24, "VMCALL with invalid SMM-monitor features"),
    ENTRY_INVALID_EXECUTIVE_CONTROLS(25, "VM entry with invalid VM-execution control fields in executive VMCS"),
    ENTRY_UNDER_MOV_SS(26, "VM entry with events blocked by MOV SS"),
    INVALID_OPERAND(28, "invalid operand to INVEPT/INVVPID");

    private final int number;
    private final String meaning;

    VmxError(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** What the field VM_INSTRUCTION_ERROR has. */
    public int number() {
        return number;
    }

    public String meaning() {
        return meaning;
    }
}
