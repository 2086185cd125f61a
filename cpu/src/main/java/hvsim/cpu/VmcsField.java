package hvsim.cpu;

/**
 * The fields of the VMCS that the model uses, with their encodings.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), appendix B.
 */
public enum VmcsField {
    VPID(0x0000),
    IO_BITMAP_A(0x2000),
    IO_BITMAP_B(0x2002),
    MSR_BITMAP(0x2004),
    EPT_POINTER(0x201A),
    GUEST_PHYSICAL_ADDRESS(0x2400),
    PIN_BASED_CONTROLS(0x4000),
    PRIMARY_CONTROLS(0x4002),
    EXCEPTION_BITMAP(0x4004),
    PAGE_FAULT_ERROR_CODE_MASK(0x4006),
    PAGE_FAULT_ERROR_CODE_MATCH(0x4008),
    CR3_TARGET_COUNT(0x400A),
    EXIT_CONTROLS(0x400C),
    ENTRY_CONTROLS(0x4012),
    ENTRY_INTERRUPTION_INFO(0x4016),
    ENTRY_EXCEPTION_ERROR_CODE(0x4018),
    SECONDARY_CONTROLS(0x401E),
    EXIT_REASON(0x4402),
    EXIT_INTERRUPTION_INFO(0x4404),
    EXIT_INTERRUPTION_ERROR_CODE(0x4406),
    EXIT_INSTRUCTION_LENGTH(0x440C),
    PREEMPTION_TIMER_VALUE(0x482E),
    CR0_GUEST_HOST_MASK(0x6000),
    CR4_GUEST_HOST_MASK(0x6002),
    CR0_READ_SHADOW(0x6004),
    CR4_READ_SHADOW(0x6006),
    CR3_TARGET_VALUE0(0x6008),
    CR3_TARGET_VALUE1(0x600A),
    CR3_TARGET_VALUE2(0x600C),
    CR3_TARGET_VALUE3(0x600E),
    EXIT_QUALIFICATION(0x6400),
    GUEST_LINEAR_ADDRESS(0x640A),
    GUEST_CR0(0x6800),
    GUEST_CR3(0x6802),
    GUEST_CR4(0x6804),
    GUEST_RIP(0x681E),
    GUEST_RFLAGS(0x6820),
    HOST_CR3(0x6C02);

    private final int encoding;

    VmcsField(int encoding) {
        this.encoding = encoding;
    }

    /** What VMREAD and VMWRITE name the field by. */
    public int encoding() {
        return encoding;
    }

    /** Width in bits: 16, 64 or 32; fields of natural width count as 64. */
    int widthBits() {
        return switch (encoding >> 13 & 3) {
            case 0 -> 16;
            case 2 -> 32;
            default -> 64;
        };
    }
}
