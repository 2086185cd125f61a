package hvsim.cpu.instruction;

import static hvsim.cpu.instruction.Defined.BITS_64;
import static hvsim.cpu.instruction.Defined.ENCLAVES;
import static hvsim.cpu.instruction.Defined.EVERYWHERE;
import static hvsim.cpu.instruction.Defined.EXTENDED_STATES;
import static hvsim.cpu.instruction.Defined.KEY_LOCKER;
import static hvsim.cpu.instruction.Defined.MSR_LIST;
import static hvsim.cpu.instruction.Defined.NOT_BITS_64;
import static hvsim.cpu.instruction.Defined.NOWHERE;
import static hvsim.cpu.instruction.Defined.PROTECTED_MODE;
import static hvsim.cpu.instruction.Defined.PROTECTION_KEYS;
import static hvsim.cpu.instruction.Defined.SAFER_MODE;
import static hvsim.cpu.instruction.Defined.SMM;
import static hvsim.cpu.instruction.Defined.SUPERVISOR_STATES;
import static hvsim.cpu.instruction.Defined.SYSTEM_CALL;
import static hvsim.cpu.instruction.Defined.TSC_AUX;
import static hvsim.cpu.instruction.Defined.USER_WAIT;
import static hvsim.cpu.instruction.Defined.VMX;
import static hvsim.cpu.instruction.Defined.VMXE;
import static hvsim.cpu.instruction.Defined.VM_CALL;
import static hvsim.cpu.instruction.Defined.VM_FUNCTIONS;
import static hvsim.cpu.instruction.Defined.WITH_INVPCID;
import static hvsim.cpu.instruction.Defined.WITH_PCONFIG;
import static hvsim.cpu.instruction.Exiting.always;
import static hvsim.cpu.instruction.Exiting.byOperand;
import static hvsim.cpu.instruction.Exiting.never;
import static hvsim.cpu.instruction.Exiting.when;
import static hvsim.cpu.instruction.Form.MEMORY;
import static hvsim.cpu.instruction.Operand.CONDITION;
import static hvsim.cpu.instruction.Operand.GVA;
import static hvsim.cpu.instruction.Operand.HINTS;
import static hvsim.cpu.instruction.Operand.INTERRUPT;
import static hvsim.cpu.instruction.Operand.INVEPT_DESCRIPTOR;
import static hvsim.cpu.instruction.Operand.INVPCID_DESCRIPTOR;
import static hvsim.cpu.instruction.Operand.INVVPID_DESCRIPTOR;
import static hvsim.cpu.instruction.Operand.LEAF;
import static hvsim.cpu.instruction.Operand.MSR;
import static hvsim.cpu.instruction.Operand.MSR_VALUE;
import static hvsim.cpu.instruction.Operand.NONE;
import static hvsim.cpu.instruction.Operand.NUMBER;
import static hvsim.cpu.instruction.Operand.NUMBER_VALUE;
import static hvsim.cpu.instruction.Operand.PHYSICAL_ADDRESS;
import static hvsim.cpu.instruction.Operand.PORT;
import static hvsim.cpu.instruction.Operand.RETURN;
import static hvsim.cpu.instruction.Operand.SELECTOR;
import static hvsim.cpu.instruction.Operand.STATUS_WORD;
import static hvsim.cpu.instruction.Operand.VALUE;
import static hvsim.cpu.instruction.Operand.VMCS_FIELD;
import static hvsim.cpu.instruction.Operand.VM_FUNCTION;
import static hvsim.cpu.instruction.Privilege.ANY;
import static hvsim.cpu.instruction.Privilege.CPL_0;
import static hvsim.cpu.instruction.Privilege.CPL_0_AFTER_EXIT;
import static hvsim.cpu.instruction.Privilege.CPL_0_OR_UNDEFINED;
import static hvsim.cpu.instruction.Privilege.DESCRIPTOR;
import static hvsim.cpu.instruction.Privilege.FLAGS_IMAGE;
import static hvsim.cpu.instruction.Privilege.INTERRUPT_FLAG;
import static hvsim.cpu.instruction.Privilege.IO_PERMISSION;
import static hvsim.cpu.instruction.Privilege.PCE;
import static hvsim.cpu.instruction.Privilege.TSD;
import static hvsim.cpu.instruction.Privilege.UMIP;
import static hvsim.cpu.instruction.Sensitivity.PROTECTION;
import static hvsim.cpu.instruction.Sensitivity.REGISTER;
import static hvsim.cpu.vmx.VmxControl.CR3_STORE_EXITING;
import static hvsim.cpu.vmx.VmxControl.CR8_STORE_EXITING;
import static hvsim.cpu.vmx.VmxControl.DESCRIPTOR_TABLE_EXITING;
import static hvsim.cpu.vmx.VmxControl.HLT_EXITING;
import static hvsim.cpu.vmx.VmxControl.INVLPG_EXITING;
import static hvsim.cpu.vmx.VmxControl.LOADIWKEY_EXITING;
import static hvsim.cpu.vmx.VmxControl.MONITOR_EXITING;
import static hvsim.cpu.vmx.VmxControl.MOV_DR_EXITING;
import static hvsim.cpu.vmx.VmxControl.MWAIT_EXITING;
import static hvsim.cpu.vmx.VmxControl.RDPMC_EXITING;
import static hvsim.cpu.vmx.VmxControl.RDRAND_EXITING;
import static hvsim.cpu.vmx.VmxControl.RDSEED_EXITING;
import static hvsim.cpu.vmx.VmxControl.RDTSC_EXITING;
import static hvsim.cpu.vmx.VmxControl.WBINVD_EXITING;

import hvsim.cpu.vmx.ExitReason;
import java.util.Locale;

/**
 * The instructions a program can name: those whose effect depends on privilege or on the VMCS, so that virtualization
 * has to care. Everything else is a plain memory reference. The columns are: bytes of the usual encoding,
 * where it is defined, who may execute it, what it needs to be told, when it exits, whether its operand has to be in
 * memory, and why it is on the list of sensitive instructions that do not trap.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 25.1 "Instructions that cause VM exits", and vol. 2 for the rest; what
 * this edition does not have, as in later ones.
 */
public enum Instruction {
    CPUID(2, EVERYWHERE, ANY, NONE, always(ExitReason.CPUID)),
    HLT(1, EVERYWHERE, CPL_0, NONE, when(ExitReason.HLT, HLT_EXITING)),
    INVD(2, EVERYWHERE, CPL_0, NONE, always(ExitReason.INVD)),
    WBINVD(2, EVERYWHERE, CPL_0, NONE, when(ExitReason.WBINVD, WBINVD_EXITING)),
    WBNOINVD(3, EVERYWHERE, CPL_0, NONE, when(ExitReason.WBINVD, WBINVD_EXITING)),
    INVLPG(3, EVERYWHERE, CPL_0, GVA, when(ExitReason.INVLPG, INVLPG_EXITING), MEMORY),
    INVPCID(5, WITH_INVPCID, CPL_0, INVPCID_DESCRIPTOR, when(ExitReason.INVPCID, INVLPG_EXITING), MEMORY),
    IN(1, EVERYWHERE, IO_PERMISSION, PORT, byOperand(ExitReason.IO_INSTRUCTION)),
    OUT(1, EVERYWHERE, IO_PERMISSION, PORT, byOperand(ExitReason.IO_INSTRUCTION)),
    INS(1, EVERYWHERE, IO_PERMISSION, PORT, byOperand(ExitReason.IO_INSTRUCTION)),
    OUTS(1, EVERYWHERE, IO_PERMISSION, PORT, byOperand(ExitReason.IO_INSTRUCTION)),
    LGDT(3, EVERYWHERE, CPL_0, VALUE, when(ExitReason.GDTR_IDTR, DESCRIPTOR_TABLE_EXITING), MEMORY),
    LIDT(3, EVERYWHERE, CPL_0, VALUE, when(ExitReason.GDTR_IDTR, DESCRIPTOR_TABLE_EXITING), MEMORY),
    LLDT(3, PROTECTED_MODE, CPL_0, SELECTOR, when(ExitReason.LDTR_TR, DESCRIPTOR_TABLE_EXITING)),
    LTR(3, PROTECTED_MODE, CPL_0, SELECTOR, when(ExitReason.LDTR_TR, DESCRIPTOR_TABLE_EXITING)),
    SGDT(3, EVERYWHERE, UMIP, NONE, when(ExitReason.GDTR_IDTR, DESCRIPTOR_TABLE_EXITING), MEMORY, REGISTER),
    SIDT(3, EVERYWHERE, UMIP, NONE, when(ExitReason.GDTR_IDTR, DESCRIPTOR_TABLE_EXITING), MEMORY, REGISTER),
    SLDT(3, PROTECTED_MODE, UMIP, NONE, when(ExitReason.LDTR_TR, DESCRIPTOR_TABLE_EXITING), REGISTER),
    STR(3, PROTECTED_MODE, UMIP, NONE, when(ExitReason.LDTR_TR, DESCRIPTOR_TABLE_EXITING), PROTECTION),
    SMSW(3, EVERYWHERE, UMIP, NONE, never(), REGISTER),
    LMSW(3, EVERYWHERE, CPL_0, STATUS_WORD, byOperand(ExitReason.CR_ACCESS)),
    CLTS(2, EVERYWHERE, CPL_0, NONE, byOperand(ExitReason.CR_ACCESS)),
    MOV_TO_CR0(3, EVERYWHERE, CPL_0, VALUE, byOperand(ExitReason.CR_ACCESS)),
    MOV_TO_CR2(3, EVERYWHERE, CPL_0, VALUE, never()),
    MOV_TO_CR3(3, EVERYWHERE, CPL_0, VALUE, byOperand(ExitReason.CR_ACCESS)),
    MOV_TO_CR4(3, EVERYWHERE, CPL_0, VALUE, byOperand(ExitReason.CR_ACCESS)),
    MOV_TO_CR8(4, BITS_64, CPL_0, VALUE, byOperand(ExitReason.CR_ACCESS)),
    MOV_FROM_CR0(3, EVERYWHERE, CPL_0, NONE, never()),
    MOV_FROM_CR2(3, EVERYWHERE, CPL_0, NONE, never()),
    MOV_FROM_CR3(3, EVERYWHERE, CPL_0, NONE, when(ExitReason.CR_ACCESS, CR3_STORE_EXITING)),
    MOV_FROM_CR4(3, EVERYWHERE, CPL_0, NONE, never()),
    MOV_FROM_CR8(4, BITS_64, CPL_0, NONE, when(ExitReason.CR_ACCESS, CR8_STORE_EXITING)),
    MOV_TO_DR(3, EVERYWHERE, CPL_0_AFTER_EXIT, NUMBER_VALUE, when(ExitReason.DR_ACCESS, MOV_DR_EXITING)),
    MOV_FROM_DR(3, EVERYWHERE, CPL_0_AFTER_EXIT, NUMBER, when(ExitReason.DR_ACCESS, MOV_DR_EXITING)),
    MONITOR(3, EVERYWHERE, CPL_0_OR_UNDEFINED, HINTS, when(ExitReason.MONITOR_INSTRUCTION, MONITOR_EXITING)),
    MWAIT(3, EVERYWHERE, CPL_0_OR_UNDEFINED, HINTS, when(ExitReason.MWAIT_INSTRUCTION, MWAIT_EXITING)),
    UMONITOR(4, USER_WAIT, ANY, NONE, never()),
    UMWAIT(4, USER_WAIT, TSD, HINTS, when(ExitReason.UMWAIT, RDTSC_EXITING)),
    TPAUSE(4, USER_WAIT, TSD, HINTS, when(ExitReason.TPAUSE, RDTSC_EXITING)),
    PAUSE(2, EVERYWHERE, ANY, NONE, byOperand(ExitReason.PAUSE_INSTRUCTION)),
    PUSHF(2, EVERYWHERE, FLAGS_IMAGE, NONE, never(), REGISTER),
    PUSHFD(1, EVERYWHERE, FLAGS_IMAGE, NONE, never(), REGISTER),
    PUSHFQ(1, EVERYWHERE, FLAGS_IMAGE, NONE, never(), REGISTER),
    POPF(2, EVERYWHERE, FLAGS_IMAGE, VALUE, never(), REGISTER),
    POPFD(1, EVERYWHERE, FLAGS_IMAGE, VALUE, never(), REGISTER),
    POPFQ(1, EVERYWHERE, FLAGS_IMAGE, VALUE, never(), REGISTER),
    CLI(1, EVERYWHERE, INTERRUPT_FLAG, NONE, never()),
    STI(1, EVERYWHERE, INTERRUPT_FLAG, NONE, never()),
    IRET(2, EVERYWHERE, FLAGS_IMAGE, RETURN, byOperand(ExitReason.TASK_SWITCH)),
    RDMSR(2, EVERYWHERE, CPL_0, MSR, byOperand(ExitReason.MSR_READ)),
    WRMSR(2, EVERYWHERE, CPL_0, MSR_VALUE, byOperand(ExitReason.MSR_WRITE)),
    WRMSRNS(3, EVERYWHERE, CPL_0, MSR_VALUE, byOperand(ExitReason.MSR_WRITE)),
    RDMSR_IMMEDIATE(9, BITS_64, CPL_0, MSR, byOperand(ExitReason.RDMSR_IMMEDIATE)),
    WRMSRNS_IMMEDIATE(9, BITS_64, CPL_0, MSR_VALUE, byOperand(ExitReason.WRMSRNS_IMMEDIATE)),
    RDMSRLIST(4, MSR_LIST, CPL_0, MSR, byOperand(ExitReason.RDMSRLIST)),
    WRMSRLIST(4, MSR_LIST, CPL_0, MSR_VALUE, byOperand(ExitReason.WRMSRLIST)),
    RDPMC(2, EVERYWHERE, PCE, NUMBER, when(ExitReason.RDPMC, RDPMC_EXITING)),
    RDTSC(2, EVERYWHERE, TSD, NONE, when(ExitReason.RDTSC, RDTSC_EXITING)),
    RDTSCP(3, TSC_AUX, TSD, NONE, when(ExitReason.RDTSCP, RDTSC_EXITING)),
    RDPID(4, TSC_AUX, ANY, NONE, never()),
    RDRAND(4, EVERYWHERE, ANY, NONE, when(ExitReason.RDRAND, RDRAND_EXITING)),
    RDSEED(4, EVERYWHERE, ANY, NONE, when(ExitReason.RDSEED, RDSEED_EXITING)),
    RSM(2, SMM, ANY, NONE, byOperand(ExitReason.RSM)),
    SYSCALL(2, SYSTEM_CALL, ANY, NONE, never()),
    SYSRET(3, SYSTEM_CALL, CPL_0, NONE, never()),
    SYSENTER(2, EVERYWHERE, ANY, NONE, never()),
    SYSEXIT(3, EVERYWHERE, CPL_0, NONE, never()),
    SWAPGS(3, BITS_64, CPL_0, NONE, never()),
    VMCALL(3, VM_CALL, CPL_0_AFTER_EXIT, NONE, always(ExitReason.VMCALL)),
    VMXON(4, VMXE, CPL_0_AFTER_EXIT, PHYSICAL_ADDRESS, always(ExitReason.VMON), MEMORY),
    VMXOFF(3, VMX, CPL_0_AFTER_EXIT, NONE, always(ExitReason.VMOFF)),
    VMCLEAR(4, VMX, CPL_0_AFTER_EXIT, PHYSICAL_ADDRESS, always(ExitReason.VMCLEAR), MEMORY),
    VMPTRLD(3, VMX, CPL_0_AFTER_EXIT, PHYSICAL_ADDRESS, always(ExitReason.VMPTRLD), MEMORY),
    VMPTRST(3, VMX, CPL_0_AFTER_EXIT, NONE, always(ExitReason.VMPTRST), MEMORY),
    VMLAUNCH(3, VMX, CPL_0_AFTER_EXIT, NONE, always(ExitReason.VMLAUNCH)),
    VMRESUME(3, VMX, CPL_0_AFTER_EXIT, NONE, always(ExitReason.VMRESUME)),
    VMREAD(3, VMX, CPL_0_AFTER_EXIT, VMCS_FIELD, byOperand(ExitReason.VMREAD)),
    VMWRITE(3, VMX, CPL_0_AFTER_EXIT, VMCS_FIELD, byOperand(ExitReason.VMWRITE)),
    INVEPT(5, VMX, CPL_0_AFTER_EXIT, INVEPT_DESCRIPTOR, always(ExitReason.INVEPT), MEMORY),
    INVVPID(5, VMX, CPL_0_AFTER_EXIT, INVVPID_DESCRIPTOR, always(ExitReason.INVVPID), MEMORY),
    VMFUNC(3, VM_FUNCTIONS, ANY, VM_FUNCTION, byOperand(ExitReason.VMFUNC)),
    GETSEC(2, SAFER_MODE, ANY, LEAF, always(ExitReason.GETSEC)),
    XSETBV(3, EXTENDED_STATES, CPL_0, NUMBER_VALUE, always(ExitReason.XSETBV)),
    XGETBV(3, EXTENDED_STATES, ANY, NUMBER, never()),
    XSAVES(3, SUPERVISOR_STATES, CPL_0, VALUE, byOperand(ExitReason.XSAVES), MEMORY),
    XRSTORS(3, SUPERVISOR_STATES, CPL_0, VALUE, byOperand(ExitReason.XRSTORS), MEMORY),
    XSAVE(3, EXTENDED_STATES, ANY, VALUE, never(), MEMORY),
    XRSTOR(3, EXTENDED_STATES, ANY, VALUE, never(), MEMORY),
    VERR(3, PROTECTED_MODE, ANY, SELECTOR, never(), PROTECTION),
    VERW(3, PROTECTED_MODE, ANY, SELECTOR, never(), PROTECTION),
    LAR(3, PROTECTED_MODE, ANY, SELECTOR, never(), PROTECTION),
    LSL(3, PROTECTED_MODE, ANY, SELECTOR, never(), PROTECTION),
    CALL_FAR(2, EVERYWHERE, DESCRIPTOR, SELECTOR, byOperand(ExitReason.TASK_SWITCH), PROTECTION),
    JMP_FAR(2, EVERYWHERE, DESCRIPTOR, SELECTOR, byOperand(ExitReason.TASK_SWITCH), PROTECTION),
    RET_FAR(1, EVERYWHERE, DESCRIPTOR, SELECTOR, never(), PROTECTION),
    INT_N(2, EVERYWHERE, DESCRIPTOR, INTERRUPT, byOperand(ExitReason.TASK_SWITCH), PROTECTION),
    PUSH_SREG(2, EVERYWHERE, ANY, NONE, never(), PROTECTION),
    POP_SREG(2, EVERYWHERE, DESCRIPTOR, SELECTOR, never(), PROTECTION),
    MOV_TO_SREG(2, EVERYWHERE, DESCRIPTOR, SELECTOR, never(), PROTECTION),
    MOV_FROM_SREG(2, EVERYWHERE, ANY, NONE, never(), PROTECTION),
    INT3(1, EVERYWHERE, ANY, NONE, byOperand(ExitReason.EXCEPTION_NMI)),
    INTO(1, NOT_BITS_64, ANY, CONDITION, byOperand(ExitReason.EXCEPTION_NMI)),
    BOUND(2, NOT_BITS_64, ANY, CONDITION, byOperand(ExitReason.EXCEPTION_NMI), MEMORY),
    UD2(2, NOWHERE, ANY, NONE, byOperand(ExitReason.EXCEPTION_NMI)),
    INT1(1, EVERYWHERE, ANY, NONE, byOperand(ExitReason.EXCEPTION_NMI)),
    RDPKRU(3, PROTECTION_KEYS, ANY, HINTS, never()),
    WRPKRU(3, PROTECTION_KEYS, ANY, NUMBER_VALUE, never()),
    ENCLS(3, ENCLAVES, CPL_0_OR_UNDEFINED, LEAF, byOperand(ExitReason.ENCLS)),
    ENCLV(3, ENCLAVES, CPL_0_OR_UNDEFINED, LEAF, byOperand(ExitReason.ENCLV)),
    PCONFIG(3, WITH_PCONFIG, CPL_0_OR_UNDEFINED, LEAF, byOperand(ExitReason.PCONFIG)),
    LOADIWKEY(5, KEY_LOCKER, CPL_0, NONE, when(ExitReason.LOADIWKEY, LOADIWKEY_EXITING)),
    DIV(2, EVERYWHERE, ANY, CONDITION, byOperand(ExitReason.EXCEPTION_NMI));

    private static final Instruction[] BY_NUMBER = values();

    private final String mnemonic;
    private final int lengthBytes;
    private final Defined defined;
    private final Privilege privilege;
    private final Operand operand;
    private final Exiting exiting;
    private final Form form;
    private final Sensitivity sensitivity;

    Instruction(int lengthBytes, Defined defined, Privilege privilege, Operand operand, Exiting exiting) {
        this(lengthBytes, defined, privilege, operand, exiting, Form.ANY, Sensitivity.NOT_LISTED);
    }

    Instruction(int lengthBytes, Defined defined, Privilege privilege, Operand operand, Exiting exiting, Form form) {
        this(lengthBytes, defined, privilege, operand, exiting, form, Sensitivity.NOT_LISTED);
    }

    Instruction(
            int lengthBytes,
            Defined defined,
            Privilege privilege,
            Operand operand,
            Exiting exiting,
            Sensitivity sensitivity) {
        this(lengthBytes, defined, privilege, operand, exiting, Form.ANY, sensitivity);
    }

    Instruction(
            int lengthBytes,
            Defined defined,
            Privilege privilege,
            Operand operand,
            Exiting exiting,
            Form form,
            Sensitivity sensitivity) {
        this.mnemonic = name().toLowerCase(Locale.ROOT);
        this.lengthBytes = lengthBytes;
        this.defined = defined;
        this.privilege = privilege;
        this.operand = operand;
        this.exiting = exiting;
        this.form = form;
        this.sensitivity = sensitivity;
    }

    /** The instruction with that {@link #ordinal()}, as packed into a word of a program. */
    public static Instruction byNumber(int number) {
        return BY_NUMBER[number];
    }

    /** The name in scenario files and reports, lower case. */
    public String mnemonic() {
        return mnemonic;
    }

    /** Length of the usual encoding in bytes, in 64-bit mode where it is there: the VM-exit instruction length. */
    public int lengthBytes() {
        return lengthBytes;
    }

    public Defined defined() {
        return defined;
    }

    public Privilege privilege() {
        return privilege;
    }

    public Operand operand() {
        return operand;
    }

    /** Whether a program can have those bits, at most 32, beside its name; {@link Operand#form} says which. */
    public boolean takes(long bits) {
        boolean debugRegister = this == MOV_TO_DR || this == MOV_FROM_DR;
        return bits >>> (debugRegister ? 3 : Integer.SIZE) == 0 && operand.has((int) bits);
    }

    public Exiting exiting() {
        return exiting;
    }

    /** Whether it has an operand that has to be in memory: with a register it is #UD. */
    public boolean needsMemory() {
        return form == Form.MEMORY;
    }

    /**
     * Whether a fixed processor makes it fault above CPL 0: it is sensitive, and every CPL may execute it. IRET loses flags
     * as POPF does; INT n always ends in whoever has the interrupt-descriptor table.
     */
    public boolean isFixed() {
        return (sensitivity != Sensitivity.NOT_LISTED || this == IRET) && this != INT_N;
    }

    /** Why it is sensitive though every privilege level may execute it. */
    public Sensitivity sensitivity() {
        return sensitivity;
    }
}
