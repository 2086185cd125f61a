package hvsim.ept.bochs;

import hvsim.ept.AccessRights;
import hvsim.ept.GuestPaging;
import hvsim.ept.NestedWalker;
import hvsim.ept.PagingCapability;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.Walk;
import hvsim.ept.WalkCaches;
import hvsim.ept.WalkJournal;
import hvsim.ept.WalkSpec;
import hvsim.tlb.AccessKind;
import hvsim.tlb.Translation;
import java.util.ArrayList;
import java.util.List;

/** An access that was recorded: what there was, what came of it, and what the model makes of it. */
final class WalkCase {
    private static final int IA32_VMX_EPT_VPID_CAP = 0x48C;
    private static final long MEMORY_BYTES = 256 << 20;
    private static final long LOG = 0x600_0000;

    /** A word of a table: where, and its value before and after. */
    record Word(boolean ofGuest, int level, long hpa, long before, long after) {}

    final boolean nested;
    final int kind;
    final boolean user;
    final long cr0;
    final long cr4;
    final long efer;
    final long rflags;
    final int pkru;
    final long cr3;
    final long eptp;
    final long gva;

    final List<Word> words = new ArrayList<>();
    String recorded = "";

    /** Page-modification log: index before and after and what was logged; empty without one. */
    final List<Long> log = new ArrayList<>();

    private final PagingCapability capability;
    private final String access;

    /** @param line the line that opens a case */
    WalkCase(Recording recording, String[] line) {
        capability = new PagingCapability(recording.physicalAddressBits(), true, recording.msr(IA32_VMX_EPT_VPID_CAP));
        access = String.join(" ", line);
        nested = line[0].equals("nested");
        kind = switch (line[1]) {
            case "r" -> AccessKind.READ;
            case "w" -> AccessKind.WRITE;
            default -> AccessKind.FETCH;
        };
        user = line[2].equals("3");
        cr0 = Recording.number(line[3]);
        cr4 = Recording.number(line[4]);
        efer = Recording.number(line[5]);
        rflags = Recording.number(line[6]);
        pkru = (int) Recording.number(line[7]);
        cr3 = Recording.number(line[8]);
        eptp = Recording.number(line[9]);
        gva = Recording.number(line[10]);
    }

    boolean logs() {
        return !log.isEmpty();
    }

    /** What the model does with the same access, with nothing cached. */
    Modelled modelled() {
        PhysicalMemory memory = new PhysicalMemory(MEMORY_BYTES);
        words.forEach(word -> memory.write(word.hpa(), word.before()));
        NestedWalker walker = new NestedWalker(memory, new WalkCaches(WalkSpec.UNCACHED), capability, WalkJournal.NONE);
        GuestPaging paging = GuestPaging.of(cr0, cr4, efer);
        if (nested) {
            walker.enterNested(paging, cr3, new long[4], 0, eptp, false, 0);
            walker.dirtyLog().enter(logs(), LOG, logs() ? log.get(0).intValue() : 0);
        } else {
            walker.enterNative(paging, cr3, new long[4], 0);
        }
        AccessRights rights = new AccessRights();
        rights.set(user, cr0, cr4, efer, rflags, pkru);
        Walk walk = new Walk();
        walker.walk(gva, kind, rights, walk);
        return new Modelled(
                outcome(walk),
                walk,
                words.stream().map(word -> memory.read(word.hpa())).toList(),
                logs() ? logOf(walker, memory) : List.of());
    }

    /** In the words of the recording. */
    private String outcome(Walk walk) {
        return switch (walk.outcome()) {
            case TRANSLATED -> "ok " + hex(Translation.hpa(walk.translation(), gva));
            case NON_CANONICAL -> "fault d 0";
            case PAGE_FAULT -> "pf " + hex(walk.errorCode()) + " " + hex(gva);
            case EPT_VIOLATION -> "exit 30 " + hex(walk.qualification()) + " " + hex(walk.gpa()) + " " + hex(gva);
            case EPT_MISCONFIGURATION -> "exit 31 " + hex(walk.gpa());
            case PML_FULL -> "exit 3e";
            case SPP_MISS, SPP_MISCONFIGURATION, RESERVED_PDPTE ->
                throw new IllegalStateException("no case asks for " + walk.outcome());
        };
    }

    private List<Long> logOf(NestedWalker walker, PhysicalMemory memory) {
        int before = log.get(0).intValue();
        int after = walker.dirtyLog().index();
        List<Long> entries = new ArrayList<>(List.of((long) before, (long) after));
        for (int i = before; i != after; i = i - 1 & 0xFFFF) {
            entries.add(memory.read(LOG + 8L * i));
        }
        return entries;
    }

    private static String hex(long value) {
        return Long.toHexString(value);
    }

    /** Words of the tables after it, as recorded. */
    List<Long> after() {
        return words.stream().map(Word::after).toList();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(access);
        for (Word word : words) {
            text.append(word.ofGuest() ? "\n g" : "\n e")
                    .append(word.level() + " " + hex(word.hpa()) + " " + hex(word.before()) + " " + hex(word.after()));
        }
        Modelled modelled = modelled();
        return text + "\n recorded " + recorded + " " + log + "\n modelled " + modelled.outcome() + " " + modelled.log()
                + " " + modelled.after().stream().map(WalkCase::hex).toList();
    }

    /**
     * What the model made of a case.
     *
     * @param outcome in the words of the recording
     * @param after the words of the tables
     * @param log index before and after and what was logged
     */
    record Modelled(String outcome, Walk walk, List<Long> after, List<Long> log) {}
}
