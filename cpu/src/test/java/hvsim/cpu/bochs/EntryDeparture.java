package hvsim.cpu.bochs;

import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.VmEntryOutcome;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Where VM entries of Bochs 2.7 come out otherwise than the model's, and why. The manual is Intel SDM vol. 3
 * (325384-059US).
 */
enum EntryDeparture {
    CONTROL_NOT_IMPLEMENTED(
            "A.3 to A.5: what may be 1 is for the capability MSRs to say, and the recorded processor has fewer controls",
            c -> c.isRecorded("fail 7") && setsUnknownControl(c)),
    CR4_BIT_NOT_IMPLEMENTED(
            "A.8: which bits of CR4 may be 1 is for IA32_VMX_CR4_FIXED1 to say",
            c -> c.isRecorded("fail 8") && hasUnknownCr4(c, VmcsField.HOST_CR4)
                    || c.isRecorded("refused 33 0") && hasUnknownCr4(c, VmcsField.GUEST_CR4)),
    LINEAR_ADDRESS_WIDTH(
            "26.2.3, 26.3.1.1: linear addresses have 57 bits in the model, 48 in the recorded processor",
            c -> c.isRecorded("fail 8") && anyBetweenWidths(c, Addresses.HOST)
                    || c.isRecorded("refused 33 0") && anyBetweenWidths(c, Addresses.GUEST)),
    LINEAR_ADDRESS_WIDTH_OF_AN_MSR(
            "26.4: the same of addresses that MSRs are loaded with",
            c -> c.recorded().startsWith("refused 34 ")
                    && isBetweenWidths(c.listEntry(c.recordedQualification()).value())),
    LIST_BEYOND_MEMORY(
            "26.4: an entry with reserved bits cannot be loaded; where the recorded machine has no memory, it reads ones",
            c -> c.isRecorded("refused 34 1") && c.get(VmcsField.ENTRY_MSR_LOAD_ADDRESS) >= Addresses.MEMORY_BYTES),
    RIP_NOT_CHECKED(
            "26.3.1.4: RIP of a 64-bit guest is canonical; Bochs looks at bits 63:32 outside 64-bit mode only",
            c -> c.isRecorded("entered") && breaks(c, "RIP is canonical in 64-bit mode")),
    DEBUGCTL_NOT_CHECKED(
            "26.3.1.1: reserved bits of DEBUGCTL are 0; Bochs loads any value",
            c -> c.isRecorded("entered") && breaks(c, "guest DEBUGCTL, if loaded, has no reserved bit")),
    PENDING_DEBUG_HIGH_HALF(
            "26.3.1.5: pending debug exceptions have reserved bits up to 63; Bochs looks at the low half",
            c -> c.isRecorded("entered")
                    && breaks(c, "reserved bits of pending debug exceptions are 0")
                    && c.get(VmcsField.GUEST_PENDING_DEBUG_EXCEPTIONS) << 32 == 0),
    SINGLE_STEP_NOT_CHECKED(
            "26.3.1.5: pending debug exceptions have BS as TF and BTF say; Bochs does not compare",
            c -> c.isRecorded("entered") && breaks(c, "a single step is pending as RFLAGS.TF and DEBUGCTL.BTF say")),
    EVENT_IN_HLT(
            "26.3.1.5: few events may be injected in HLT state; Bochs checks the shutdown state only",
            c -> c.isRecorded("entered") && breaks(c, "only interrupts, NMIs, #DB, #MC and MTF are injected in HLT")),
    SMM_MONITOR_CTL(
            "26.4: MSRs that only system management may write are in no list; Bochs ignores 9BH",
            c -> c.isRecorded("entered")
                    && c.outcome().reason().number() == 34
                    && c.listEntry(c.outcome().qualification()).msr() == 0x9B),
    CS_RPL(
            "26.3.1.2: DPL of non-conforming CS is that of SS; Bochs compares it with CS.RPL, which is free where the"
                    + " guest is unrestricted",
            c -> c.has(VmxControl.UNRESTRICTED_GUEST)
                    && (c.isRecorded("refused 33 0") && c.modelled().equals("entered") && codeRplDiffers(c)
                            || c.isRecorded("entered")
                                    && breaks(c, "non-conforming CS has the DPL of SS")
                                    && !codeRplDiffers(c))),
    NMI_UNDER_STI(
            "26.7: qualification 3 for an NMI injected under blocking by STI; Bochs leaves 0",
            c -> c.isRecorded("refused 33 0") && c.modelled().equals("refused 33 3"));

    private static final int RECORDED_LINEAR_ADDRESS_BITS = 48;
    private static final int MODELLED_LINEAR_ADDRESS_BITS = 57;
    private static final int CR4_FIXED1 = 0x489;

    /** Control words and the MSR whose high half is what may be 1. */
    private static final Map<VmcsField, Integer> CAPABILITIES = Map.of(
            VmcsField.PIN_BASED_CONTROLS, 0x48D,
            VmcsField.PRIMARY_CONTROLS, 0x48E,
            VmcsField.SECONDARY_CONTROLS, 0x48B,
            VmcsField.EXIT_CONTROLS, 0x48F,
            VmcsField.ENTRY_CONTROLS, 0x490);

    private final String why;
    private final Predicate<EntryCase> applies;

    EntryDeparture(String why, Predicate<EntryCase> applies) {
        this.why = why;
        this.applies = applies;
    }

    boolean explains(EntryCase entry) {
        return applies.test(entry);
    }

    @Override
    public String toString() {
        return name() + ": SDM vol. 3, " + why;
    }

    private static boolean breaks(EntryCase c, String rule) {
        VmEntryOutcome outcome = c.outcome();
        return outcome.kind() == VmEntryOutcome.Kind.ENTRY_FAILURE
                && outcome.rule().startsWith(rule);
    }

    private static boolean setsUnknownControl(EntryCase c) {
        return CAPABILITIES.entrySet().stream()
                .anyMatch(word -> (c.get(word.getKey()) & ~(c.recording().msr(word.getValue()) >>> 32)) != 0);
    }

    private static boolean hasUnknownCr4(EntryCase c, VmcsField cr4) {
        return (c.get(cr4) & ~c.recording().msr(CR4_FIXED1)) != 0;
    }

    private static boolean codeRplDiffers(EntryCase c) {
        long rpl = c.get(VmcsField.GUEST_CS_SELECTOR) & 3;
        return rpl != (c.get(VmcsField.GUEST_CS_ACCESS_RIGHTS) >>> 5 & 3)
                && (c.get(VmcsField.GUEST_RFLAGS) & Registers.RFLAGS_VM) == 0;
    }

    private static boolean anyBetweenWidths(EntryCase c, List<VmcsField> addresses) {
        return addresses.stream().anyMatch(field -> isBetweenWidths(c.get(field)));
    }

    private static boolean isBetweenWidths(long address) {
        return !isCanonical(address, RECORDED_LINEAR_ADDRESS_BITS)
                && isCanonical(address, MODELLED_LINEAR_ADDRESS_BITS);
    }

    private static boolean isCanonical(long address, int bits) {
        return address << 64 - bits >> 64 - bits == address;
    }

    /** What is right of addresses: how far memory goes, and fields that have to be canonical. */
    private static final class Addresses {
        /** Of the recorded machine. */
        static final long MEMORY_BYTES = 256 << 20;

        static final List<VmcsField> HOST = List.of(
                VmcsField.HOST_SYSENTER_ESP,
                VmcsField.HOST_SYSENTER_EIP,
                VmcsField.HOST_FS_BASE,
                VmcsField.HOST_GS_BASE,
                VmcsField.HOST_TR_BASE,
                VmcsField.HOST_GDTR_BASE,
                VmcsField.HOST_IDTR_BASE,
                VmcsField.HOST_RIP);
        static final List<VmcsField> GUEST = List.of(
                VmcsField.GUEST_SYSENTER_ESP,
                VmcsField.GUEST_SYSENTER_EIP,
                VmcsField.GUEST_FS_BASE,
                VmcsField.GUEST_GS_BASE,
                VmcsField.GUEST_TR_BASE,
                VmcsField.GUEST_LDTR_BASE,
                VmcsField.GUEST_GDTR_BASE,
                VmcsField.GUEST_IDTR_BASE);
    }
}
