package hvsim.ept.bochs;

import hvsim.ept.EptPointer;
import hvsim.ept.StopCause;
import hvsim.ept.WalkOutcome;
import hvsim.tlb.AccessKind;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;

/**
 * Where walks of Bochs 2.7 come out otherwise than the model's, and why. The manual is Intel SDM vol. 3
 * (325384-059US).
 */
enum WalkDeparture {
    ADDRESS_WIDTH(
            "3.3.7.1 of vol. 1: canonical is a matter of bits 63:47; the model's addresses have 57 bits, and those above"
                    + " are as bit 56",
            (c, m) -> c.recorded.equals("fault d 0") && c.gva << 7 >> 7 != c.gva),
    FLAG_UPDATE_NOT_CHECKED(
            "28.2.3.2: setting an accessed or dirty flag in a guest's entry is a write, and needs the right in the"
                    + " EPT; Bochs just writes",
            (c, m) -> c.nested
                    && !keepsAccessedDirty(c)
                    && m.walk().outcome() == WalkOutcome.EPT_VIOLATION
                    && (m.walk().qualification() & Qualification.OF_FLAG_UPDATE_MASK) == Qualification.OF_FLAG_UPDATE
                    && !c.recorded.startsWith("pf ")),
    FULL_LOG_TESTED_AT_EVERY_ACCESS(
            "28.2.5: the log has to have room when an accessed or dirty flag has to be set; Bochs wants it at every"
                    + " access",
            (c, m) -> c.recorded.equals("exit 3e")
                    && logIsFull(m)
                    && !(m.outcome().equals(c.recorded) && m.after().equals(c.after()))
                    && agreesButForOffsets(c, m)),
    LARGE_PAGE_BIT_12(
            "28.2.2: bits 20:12 or 29:12 of an EPT entry that maps a large page are reserved; Bochs ignores bit 12",
            (c, m) -> m.walk().outcome() == WalkOutcome.EPT_MISCONFIGURATION
                    && m.walk().stopCause() == StopCause.RESERVED_BIT
                    && c.words.stream().anyMatch(WalkDeparture::isLargeEptPageWithBit12)),
    KEY_OF_USER_ADDRESS_IGNORED(
            "4.6.2: keys forbid data accesses to user-mode addresses, by supervisor-mode accesses too; Bochs lets"
                    + " these pass in spite of AD",
            (c, m) -> !c.user
                    && m.walk().outcome() == WalkOutcome.PAGE_FAULT
                    && (m.walk().errorCode() & Keys.FAULT) != 0
                    && (!c.recorded.startsWith("pf ")
                            || recordedError(c) == (m.walk().errorCode() ^ Keys.FAULT))),
    KEY_OF_SUPERVISOR_ADDRESS(
            "4.6.2: keys say nothing of supervisor-mode addresses; Bochs looks at them for writes and at CPL 3",
            (c, m) -> c.kind != AccessKind.FETCH
                    && (c.user || c.kind == AccessKind.WRITE)
                    && c.recorded.startsWith("pf ")
                    && (recordedError(c) & Keys.FAULT) != 0
                    && (!c.user || recordedError(c) == (m.walk().errorCode() ^ Keys.FAULT))
                    && c.words.stream().anyMatch(word -> word.ofGuest() && (word.before() & Keys.USER) == 0)),
    TABLE_READ_NOT_TOLD(
            "27.2.1, table 27-7, note 1: with EPT accessed and dirty flags an access to a guest's entry is a read and"
                    + " a write; Bochs tells the write only",
            (c, m) -> keepsAccessedDirty(c)
                    && !m.outcome().equals(c.recorded)
                    && m.outcome().equals(withRead(c.recorded))
                    && sameButForOffsets(c, m)),
    LOG_ENTRY_WITH_OFFSET(
            "28.2.5: an entry of the log has bits 11:0 clear; Bochs writes the address of the access",
            (c, m) -> c.logs() && m.outcome().equals(c.recorded) && sameButForOffsets(c, m));

    private final String why;
    private final BiPredicate<WalkCase, WalkCase.Modelled> applies;

    WalkDeparture(String why, BiPredicate<WalkCase, WalkCase.Modelled> applies) {
        this.why = why;
        this.applies = applies;
    }

    boolean explains(WalkCase walk, WalkCase.Modelled modelled) {
        return applies.test(walk, modelled);
    }

    @Override
    public String toString() {
        return name() + ": SDM vol. 3, " + why;
    }

    private static boolean keepsAccessedDirty(WalkCase c) {
        return c.nested && EptPointer.keepsAccessedDirty(c.eptp);
    }

    private static int recordedError(WalkCase c) {
        return (int) Recording.number(c.recorded.split(" ", -1)[1]);
    }

    private static boolean logIsFull(WalkCase.Modelled m) {
        return m.log().get(1) > 511;
    }

    /** What was logged before the exit is the same; no more is, for the log is full. */
    private static boolean agreesButForOffsets(WalkCase c, WalkCase.Modelled m) {
        return m.log().equals(pages(c.log));
    }

    private static boolean sameButForOffsets(WalkCase c, WalkCase.Modelled m) {
        return m.after().equals(c.after()) && agreesButForOffsets(c, m);
    }

    /** The log with the offsets that Bochs leaves in its addresses taken away. */
    private static List<Long> pages(List<Long> log) {
        return IntStream.range(0, log.size())
                .mapToObj(i -> i < 2 ? log.get(i) : log.get(i) & -4096L)
                .toList();
    }

    private static boolean isLargeEptPageWithBit12(WalkCase.Word word) {
        return !word.ofGuest() && word.level() > 1 && (word.before() & 0x1080) == 0x1080;
    }

    /** The violation of an access to a guest's entry, with the read told too. */
    private static String withRead(String recorded) {
        String[] words = recorded.split(" ", -1);
        if (!recorded.startsWith("exit 30 ")) {
            return recorded;
        }
        long qualification = Recording.number(words[2]);
        boolean ofTable = (qualification & Qualification.OF_TABLE_MASK) == Qualification.OF_TABLE_WRITE;
        words[2] = Long.toHexString(ofTable ? qualification | 1 : qualification);
        return String.join(" ", words);
    }

    /** Bits that tell of protection keys. */
    private static final class Keys {
        /** Of a page fault's error code. */
        static final int FAULT = 1 << 5;

        /** Of a guest's entry. */
        static final int USER = 1 << 2;
    }

    /** Bits of the qualification of EPT violations. */
    private static final class Qualification {
        /** Read 0, write 1, fetch 2, linear address valid 7, of its translation 8. */
        static final long OF_TABLE_MASK = 0x187;

        static final long OF_TABLE_WRITE = 0x82;

        /** The same, and what is allowed: read 3, write 4. */
        static final long OF_FLAG_UPDATE_MASK = 0x19F;

        static final long OF_FLAG_UPDATE = 0x8B;
    }
}
