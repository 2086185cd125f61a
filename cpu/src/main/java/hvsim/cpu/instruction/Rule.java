package hvsim.cpu.instruction;

/**
 * The rules of the manual that decide what becomes of an instruction: each {@link Decision} names the one that did.
 *
 * <p>Source: Intel SDM vol. 2 (325383-059US) and vol. 3 (325384-059US).
 */
public enum Rule {
    NOTHING_HINDERS("no fault and no control of the VMCS concerns it: it executes", "vol. 3, 25.1"),
    DEPRIVILEGED("no fault and no exit, but above CPL 0 its result is not the one it has at CPL 0", "vol. 2"),
    NOT_IN_THIS_MODE("it is not defined in this mode of the processor", "vol. 2"),
    NEEDS_A_CR4_BIT("it is not defined while the bit of CR4 that enables it is clear", "vol. 2; vol. 3, 2.5"),
    NEEDS_CR4_DE_CLEAR("DR4 and DR5 are not there with CR4.DE", "vol. 3, 17.2.2"),
    NEEDS_A_CONTROL("in non-root mode it is not defined unless a control enables it", "vol. 3, 25.3"),
    NEEDS_SYSTEM_CALL_ENABLE("it is defined in 64-bit mode with EFER.SCE", "vol. 2"),
    NEEDS_VMX_OPERATION("it is defined in VMX operation only", "vol. 3, 30.3"),
    NEEDS_NON_ROOT("it is defined in non-root mode only", "vol. 3, 25.5.5"),
    NEEDS_A_MEMORY_OPERAND("with a register as operand it is not defined", "vol. 2"),
    NEEDS_A_FAR_TRANSFER("CS is loaded by far transfers only", "vol. 2"),
    NEEDS_SMM("it is defined in system-management mode only", "vol. 2"),
    ALWAYS_UNDEFINED("it is there to raise #UD", "vol. 2"),
    NEEDS_CPL_0("CPL 0 only; a fault by privilege comes before a VM exit", "vol. 3, 25.1.1"),
    FIXED(
            "on this processor, fixed as Popek and Goldberg ask, it faults above CPL 0",
            "has no such processor; vol. 2 for the real one"),
    UMIP("above CPL 0 CR4.UMIP forbids it, before a VM exit", "vol. 3, 25.1.1"),
    TSD("above CPL 0 CR4.TSD forbids it, before a VM exit", "vol. 3, 25.1.1"),
    PCE("above CPL 0 it needs CR4.PCE, before a VM exit", "vol. 3, 25.1.1"),
    IO_PERMISSION("above IOPL the TSS's bitmap has to permit the port, before a VM exit", "vol. 3, 25.1.1"),
    IOPL("above IOPL it is not permitted", "vol. 2"),
    VIRTUAL_8086_IOPL("in virtual-8086 mode it needs IOPL 3, or CR4.VME", "vol. 2"),
    DESCRIPTOR_PRIVILEGE("the descriptor's DPL and the selector's RPL do not admit this CPL", "vol. 3, chapter 5"),
    EXITS_ALWAYS("it exits in non-root mode whatever the controls are", "vol. 3, 25.1.2"),
    EXITS_BY_CONTROL("it exits because a control says so", "vol. 3, 25.1.3"),
    EXITS_BY_BITMAP(
            "it exits because the port's or register's bit of a bitmap is set, or none covers it", "vol. 3, 25.1.3"),
    EXITS_BY_MASK("it exits because it would change a bit that the host owns against its shadow", "vol. 3, 25.1.3"),
    EXITS_BY_LEAF("it exits because its leaf's bit of a bitmap is set", "vol. 3, 25.1.3"),
    EXITS_BY_STATES("it exits because the XSS-exiting bitmap has one of the states asked for", "vol. 3, 25.1.3"),
    EXITS_IN_A_PAUSE_LOOP("it exits because a loop of PAUSEs at CPL 0 is longer than PLE_Window", "vol. 3, 25.1.3"),
    EXITS_BEFORE_PRIVILEGE("it exits before its privilege is looked at", "vol. 3, 25.1.3 and 30.3"),
    EXITS_AT_A_VM_FUNCTION("it exits because the function is not enabled, or its EPTP is not one", "vol. 3, 25.5.5"),
    EXITS_AT_A_TASK_SWITCH("a task switch exits outside IA-32e mode", "vol. 3, 25.4.2"),
    EXITS_BY_EXCEPTION_BITMAP("it raises an exception whose bit of the exception bitmap is set", "vol. 3, 25.2"),
    EXITS_BELOW_TPR_THRESHOLD("it lowers the virtual TPR below the threshold, and exits after that", "vol. 3, 29.1.2"),
    RAISES_ITS_EXCEPTION("it is there to raise an exception", "vol. 2"),
    NO_TASKS("there are no task switches in IA-32e mode", "vol. 3, 7.7"),
    BAD_VALUE("the operand's value is none it takes; such a fault comes after a VM exit", "vol. 3, 25.1.1"),
    FIXED_IN_VMX("VMX operation fixes a bit that it would change", "vol. 3, 23.8"),
    BAD_DESCRIPTOR("the selector or its descriptor is none it takes", "vol. 2"),
    DEBUG_REGISTERS_GUARDED("DR7.GD guards the debug registers", "vol. 3, 17.2.4"),
    TASK_SWITCHED("CR0.TS is set", "vol. 2"),
    VMX_LOCKED("IA32_FEATURE_CONTROL does not permit VMXON", "vol. 3, 23.7"),
    SYSENTER_CS_NULL("IA32_SYSENTER_CS is null", "vol. 2");

    private final String text;
    private final String section;

    Rule(String text, String section) {
        this.text = text;
        this.section = section;
    }

    /** The rule in a sentence without its subject, the instruction. */
    public String text() {
        return text;
    }

    /** Where the manual has it. */
    public String section() {
        return "SDM " + section;
    }
}
