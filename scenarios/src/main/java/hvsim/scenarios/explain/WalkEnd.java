package hvsim.scenarios.explain;

import hvsim.ept.EptViolation;
import hvsim.ept.PageFaultCode;
import hvsim.ept.Walk;
import hvsim.ept.WalkJournal.Kind;
import hvsim.ept.WalkJournal.Step;
import hvsim.ept.WalkOutcome;
import hvsim.tlb.Translation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How a walk ended: with which address, or where and why it stopped; and which flags it set. */
final class WalkEnd {
    private final WalkSetup setup;
    private final WalkExample example;
    private final Walk walk;

    WalkEnd(WalkSetup setup, WalkExample example) {
        this.setup = setup;
        this.example = example;
        this.walk = example.walk();
    }

    String sentence() {
        return switch (walk.outcome()) {
            case TRANSLATED -> {
                long translation = walk.translation();
                yield "Translated: hpa " + Words.hex(Translation.hpa(translation, example.gva())) + ", a page of "
                        + size(translation) + ".";
            }
            case NON_CANONICAL -> "Stops before the first reference: #GP(0), the address is not canonical.";
            case PAGE_FAULT ->
                "Stops " + where("the guest's ") + ": #PF, error code " + Words.hex(walk.errorCode()) + " ("
                        + errorCode() + "); " + why() + ".";
            case EPT_VIOLATION ->
                "Stops " + where("the EPT ") + " for gpa " + Words.hex(walk.gpa())
                        + ": EPT violation, exit qualification " + Words.hex(walk.qualification()) + " ("
                        + qualification() + "); " + why() + ".";
            case EPT_MISCONFIGURATION ->
                "Stops " + where("the EPT ") + " for gpa " + Words.hex(walk.gpa()) + ": EPT misconfiguration; " + why()
                        + ".";
            case PML_FULL, SPP_MISS, SPP_MISCONFIGURATION, RESERVED_PDPTE ->
                "Stops at gpa " + Words.hex(walk.gpa()) + ": "
                        + Words.small(walk.outcome()).replace('_', ' ') + "; " + why() + ".";
        };
    }

    private static String size(long translation) {
        return switch (Translation.size(translation)) {
            case SIZE_4K -> "4KiB";
            case SIZE_2M -> "2MiB";
            case SIZE_1G -> "1GiB";
        };
    }

    private String where(String stage) {
        return walk.stopLevel() == 0 ? "at no entry" : "at " + stage + WalkTable.name(walk.stopLevel());
    }

    private String why() {
        String cr0 = walk.outcome() == WalkOutcome.PAGE_FAULT ? "the guest's tables" : "the second stage's tables";
        return switch (walk.stopCause()) {
            case NONE -> "nothing stopped it";
            case NON_CANONICAL -> "the address is not canonical";
            case ADDRESS_WIDTH -> "the guest-physical address has more bits than the tables translate";
            case NOT_PRESENT -> "the entry is not present";
            case RESERVED_BIT -> "a bit of the entry is set that must be 0";
            case WRITE_WITHOUT_READ -> "the entry allows writing but not reading";
            case EXECUTE_ONLY -> "the entry allows execution alone, and the processor has no execute-only pages";
            case MEMORY_TYPE -> "there is no such memory type";
            case RIGHTS ->
                "all entries of " + cr0 + " together do not allow a " + setup.access() + " at CPL " + setup.cpl();
            case PROTECTION_KEY -> "PKRU forbids it for the protection key of the page";
            case LOG_FULL -> "a flag has to be set and the page-modification log is full";
            case SUB_PAGE -> "the sub-page permissions do not allow the write";
        };
    }

    private String errorCode() {
        int code = walk.errorCode();
        List<String> bits = new ArrayList<>();
        bits.add((code & PageFaultCode.PRESENT) != 0 ? "P" : "not present");
        add((code & PageFaultCode.WRITE) != 0, "W/R", bits);
        add((code & PageFaultCode.USER) != 0, "U/S", bits);
        add((code & PageFaultCode.RESERVED) != 0, "RSVD", bits);
        add((code & PageFaultCode.FETCH) != 0, "I/D", bits);
        add((code & PageFaultCode.PROTECTION_KEY) != 0, "PK", bits);
        return String.join(", ", bits);
    }

    private String qualification() {
        long q = walk.qualification();
        List<String> bits = new ArrayList<>();
        add((q & EptViolation.READ) != 0, "read", bits);
        add((q & EptViolation.WRITE) != 0, "write", bits);
        add((q & EptViolation.FETCH) != 0, "fetch", bits);
        bits.add(
                "EPT allows " + ((q & 8) != 0 ? "r" : "-") + ((q & 16) != 0 ? "w" : "-") + ((q & 32) != 0 ? "x" : "-"));
        add((q & 64) != 0, "user-mode execution too", bits);
        boolean translation = (q & EptViolation.TRANSLATION) != 0;
        add((q & EptViolation.LINEAR_VALID) != 0, translation ? "of the address itself" : "of a guest's table", bits);
        add((q & EptViolation.USER) != 0, "a user-mode address", bits);
        add((q & EptViolation.GUEST_WRITABLE) != 0, "the guest allows writing", bits);
        add((q & EptViolation.GUEST_EXECUTE_DISABLE) != 0, "the guest forbids execution", bits);
        return String.join(", ", bits);
    }

    private static void add(boolean set, String word, List<String> bits) {
        if (set) {
            bits.add(word);
        }
    }

    /** Entries that the walk left other than it found them: accessed and dirty flags. */
    List<String> changes() {
        Set<String> changes = new LinkedHashSet<>();
        for (Step step : example.steps()) {
            long now = step.kind() == Kind.NESTED_TLB ? step.entry() : example.now(step);
            if (now != step.entry()) {
                String stage = step.kind() == Kind.GUEST ? "guest " : "EPT ";
                changes.add("Sets " + Words.hex(now & ~step.entry()) + " in the " + stage + WalkTable.name(step.level())
                        + " at hpa " + Words.hex(step.hpa()) + ".");
            }
        }
        return List.copyOf(changes);
    }
}
