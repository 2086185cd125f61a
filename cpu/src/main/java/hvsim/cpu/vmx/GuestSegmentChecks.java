package hvsim.cpu.vmx;

import hvsim.cpu.state.Registers;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks on the guest's segment registers: virtual-8086 guests need what that mode implies; of others, usable segments
 * need descriptors that could have been loaded.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 26.3.1.2.
 */
final class GuestSegmentChecks {
    private static final String SECTION = "26.3.1.2";
    private static final long HIGH_HALF = 0xFFFF_FFFF_0000_0000L;
    private static final int VIRTUAL_8086_RIGHTS = 0xF3;
    private static final int VIRTUAL_8086_LIMIT = 0xFFFF;
    private static final int SELECTOR_TI = 1 << 2;
    private static final int RESERVED_LOW = 0xF00;
    private static final long RESERVED_HIGH = 0xFFFE_0000L;
    private static final int ACCESSED = 1;
    private static final int READABLE = 1 << 1;
    private static final int CODE = 1 << 3;
    private static final int LDT = 2;
    private static final int BUSY_TSS_16 = 3;
    private static final int BUSY_TSS = 11;
    private static final int DATA_3 = 3;

    private static final List<GuestSegment> CODE_AND_DATA = List.of(
            GuestSegment.CS, GuestSegment.SS, GuestSegment.DS, GuestSegment.ES, GuestSegment.FS, GuestSegment.GS);
    private static final List<GuestSegment> DATA =
            List.of(GuestSegment.DS, GuestSegment.ES, GuestSegment.FS, GuestSegment.GS);

    static final List<EntryRule> RULES = Stream.of(
                    selectors(), virtual8086(), bases(), types(), privileges(), attributes(), taskRegister(), ldtr())
            .flatMap(List::stream)
            .toList();

    private GuestSegmentChecks() {}

    private static List<EntryRule> selectors() {
        return List.of(
                rule("TR has TI 0", s -> s.any(VmcsField.GUEST_TR_SELECTOR, SELECTOR_TI)),
                rule(
                        "a usable LDTR has TI 0",
                        s -> isUsable(s, GuestSegment.LDTR) && s.any(VmcsField.GUEST_LDTR_SELECTOR, SELECTOR_TI)),
                protectedMode(
                        "SS and CS have the same RPL unless the guest is unrestricted",
                        s -> s.lacks(VmxControl.UNRESTRICTED_GUEST)
                                && rpl(s, GuestSegment.SS) != rpl(s, GuestSegment.CS)));
    }

    private static List<EntryRule> virtual8086() {
        return CODE_AND_DATA.stream()
                .flatMap(segment -> Stream.of(
                        only8086(
                                "the base of " + segment + " is 16 times its selector in virtual-8086 mode",
                                s -> s.get(segment.base()) != s.get(segment.selector()) << 4),
                        only8086(
                                "the limit of " + segment + " is FFFFH in virtual-8086 mode",
                                s -> s.get(segment.limit()) != VIRTUAL_8086_LIMIT),
                        only8086(
                                "the access rights of " + segment + " are F3H in virtual-8086 mode",
                                s -> s.get(segment.accessRights()) != VIRTUAL_8086_RIGHTS)))
                .toList();
    }

    private static List<EntryRule> bases() {
        return List.of(
                rule("the base of TR is canonical", s -> s.isNotCanonical(VmcsField.GUEST_TR_BASE)),
                rule("the base of FS is canonical", s -> s.isNotCanonical(VmcsField.GUEST_FS_BASE)),
                rule("the base of GS is canonical", s -> s.isNotCanonical(VmcsField.GUEST_GS_BASE)),
                rule(
                        "the base of a usable LDTR is canonical",
                        s -> isUsable(s, GuestSegment.LDTR) && s.isNotCanonical(VmcsField.GUEST_LDTR_BASE)),
                rule("bits 63:32 of the base of CS are 0", s -> s.any(VmcsField.GUEST_CS_BASE, HIGH_HALF)),
                shortBase(GuestSegment.SS),
                shortBase(GuestSegment.DS),
                shortBase(GuestSegment.ES));
    }

    private static EntryRule shortBase(GuestSegment segment) {
        return rule(
                "bits 63:32 of the base of a usable " + segment + " are 0",
                s -> isUsable(s, segment) && s.any(segment.base(), HIGH_HALF));
    }

    private static List<EntryRule> types() {
        return Stream.concat(
                        Stream.of(
                                protectedMode(
                                        "CS is accessed code, or for an unrestricted guest read/write accessed data",
                                        s -> !isCodeType(s, type(s, GuestSegment.CS))),
                                protectedMode(
                                        "a usable SS is read/write accessed data",
                                        s -> isUsable(s, GuestSegment.SS)
                                                && type(s, GuestSegment.SS) != 3
                                                && type(s, GuestSegment.SS) != 7)),
                        DATA.stream()
                                .map(segment -> protectedMode(
                                        "a usable " + segment + " is accessed, and readable if code",
                                        s -> isUsable(s, segment) && !isReadableAndAccessed(type(s, segment)))))
                .toList();
    }

    private static boolean isCodeType(EntryState s, int type) {
        return (type & (CODE | ACCESSED)) == (CODE | ACCESSED)
                || type == DATA_3 && s.has(VmxControl.UNRESTRICTED_GUEST);
    }

    private static boolean isReadableAndAccessed(int type) {
        return (type & ACCESSED) != 0 && ((type & CODE) == 0 || (type & READABLE) != 0);
    }

    private static List<EntryRule> privileges() {
        return Stream.concat(
                        Stream.of(
                                protectedMode(
                                        "CS of a data type has DPL 0",
                                        s -> type(s, GuestSegment.CS) == DATA_3 && dpl(s, GuestSegment.CS) != 0),
                                protectedMode(
                                        "non-conforming CS has the DPL of SS",
                                        s -> isOneOf(type(s, GuestSegment.CS), 9, 11)
                                                && dpl(s, GuestSegment.CS) != dpl(s, GuestSegment.SS)),
                                protectedMode(
                                        "conforming CS has a DPL of at most that of SS",
                                        s -> isOneOf(type(s, GuestSegment.CS), 13, 15)
                                                && dpl(s, GuestSegment.CS) > dpl(s, GuestSegment.SS)),
                                protectedMode(
                                        "SS has the DPL that is its RPL unless the guest is unrestricted",
                                        s -> s.lacks(VmxControl.UNRESTRICTED_GUEST)
                                                && dpl(s, GuestSegment.SS) != rpl(s, GuestSegment.SS)),
                                protectedMode(
                                        "SS has DPL 0 if CS is of a data type or CR0.PE is 0",
                                        s -> (type(s, GuestSegment.CS) == DATA_3
                                                        || s.lacksAny(VmcsField.GUEST_CR0, Registers.CR0_PE))
                                                && dpl(s, GuestSegment.SS) != 0)),
                        DATA.stream()
                                .map(segment -> protectedMode(
                                        "a usable " + segment + " has a DPL of at least its RPL, unless conforming"
                                                + " code or an unrestricted guest's",
                                        s -> s.lacks(VmxControl.UNRESTRICTED_GUEST)
                                                && isUsable(s, segment)
                                                && type(s, segment) <= 11
                                                && dpl(s, segment) < rpl(s, segment))))
                .toList();
    }

    private static List<EntryRule> attributes() {
        return Stream.concat(
                        CODE_AND_DATA.stream()
                                .map(segment -> protectedMode(
                                        named(segment) + " has S and P 1, no reserved bit and a G that fits its limit",
                                        s -> (segment == GuestSegment.CS || isUsable(s, segment))
                                                && (s.lacksAny(
                                                                segment.accessRights(),
                                                                GuestSegment.CODE_OR_DATA | GuestSegment.PRESENT)
                                                        || hasReservedBit(s, segment)
                                                        || isGranularityWrong(s, segment)))),
                        Stream.of(protectedMode(
                                "CS has D 0 in 64-bit mode",
                                s -> s.has(VmxControl.IA32E_MODE_GUEST)
                                        && !s.lacksAny(
                                                VmcsField.GUEST_CS_ACCESS_RIGHTS,
                                                GuestSegment.LONG | GuestSegment.BIG))))
                .toList();
    }

    private static String named(GuestSegment segment) {
        return segment == GuestSegment.CS ? "CS" : "a usable " + segment;
    }

    private static List<EntryRule> taskRegister() {
        return List.of(
                rule("TR is usable", s -> !isUsable(s, GuestSegment.TR)),
                rule(
                        "TR is a busy TSS, a 16-bit one only outside IA-32e mode",
                        s -> type(s, GuestSegment.TR) != BUSY_TSS
                                && (type(s, GuestSegment.TR) != BUSY_TSS_16 || s.has(VmxControl.IA32E_MODE_GUEST))),
                rule(
                        "TR has S 0, P 1, no reserved bit and a G that fits its limit",
                        s -> isNoSystemSegment(s, GuestSegment.TR)));
    }

    private static List<EntryRule> ldtr() {
        return List.of(
                rule(
                        "a usable LDTR is an LDT",
                        s -> isUsable(s, GuestSegment.LDTR) && type(s, GuestSegment.LDTR) != LDT),
                rule(
                        "a usable LDTR has S 0, P 1, no reserved bit and a G that fits its limit",
                        s -> isUsable(s, GuestSegment.LDTR) && isNoSystemSegment(s, GuestSegment.LDTR)));
    }

    private static EntryRule rule(String text, EntryRule.Violation violation) {
        return new EntryRule(SECTION, text, violation);
    }

    private static EntryRule only8086(String text, EntryRule.Violation violation) {
        return rule(text, s -> isVirtual8086(s) && violation.in(s));
    }

    private static EntryRule protectedMode(String text, EntryRule.Violation violation) {
        return rule(text, s -> !isVirtual8086(s) && violation.in(s));
    }

    private static boolean isVirtual8086(EntryState s) {
        return s.any(VmcsField.GUEST_RFLAGS, Registers.RFLAGS_VM);
    }

    private static boolean isUsable(EntryState s, GuestSegment segment) {
        return !s.any(segment.accessRights(), GuestSegment.UNUSABLE);
    }

    private static int type(EntryState s, GuestSegment segment) {
        return (int) s.get(segment.accessRights()) & GuestSegment.TYPE;
    }

    private static int dpl(EntryState s, GuestSegment segment) {
        return (int) s.get(segment.accessRights()) >>> GuestSegment.DPL_SHIFT & 3;
    }

    private static int rpl(EntryState s, GuestSegment segment) {
        return (int) s.get(segment.selector()) & 3;
    }

    private static boolean isOneOf(int type, int one, int other) {
        return type == one || type == other;
    }

    private static boolean isNoSystemSegment(EntryState s, GuestSegment segment) {
        return s.any(segment.accessRights(), GuestSegment.CODE_OR_DATA)
                || s.lacksAny(segment.accessRights(), GuestSegment.PRESENT)
                || hasReservedBit(s, segment)
                || isGranularityWrong(s, segment);
    }

    private static boolean hasReservedBit(EntryState s, GuestSegment segment) {
        return s.any(segment.accessRights(), RESERVED_LOW | RESERVED_HIGH);
    }

    /** G is 0 if any of limit bits 11:0 is 0, and 1 if any of bits 31:20 is 1. */
    private static boolean isGranularityWrong(EntryState s, GuestSegment segment) {
        long limit = s.get(segment.limit());
        return s.any(segment.accessRights(), GuestSegment.GRANULARITY) ? (limit & 0xFFF) != 0xFFF : limit >>> 20 != 0;
    }
}
