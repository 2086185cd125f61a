package hvsim.tlb;

import hvsim.tlb.NaiveTlb.Key;
import hvsim.tlb.NaiveTlb.Space;
import java.util.function.Function;

/**
 * The table of what operations must drop (SDM vol. 3, 4.10.4 and 28.3.3), word for word. Its rows that drop nothing
 * (8, 12, 16, 19, 28, 29, 31, 32) are not here.
 */
enum TableRow {
    //       plain  global structures PCID    VPID    kinds     guest-physical
    ROW_1_INVLPG(
            "page   page   all        current current both      -",
            c -> Invalidation.invlpg(c.current.vpid(), c.current.pcid(), c.gva)),
    ROW_2_INVPCID_ADDRESS(
            "page   -      of-address operand current both      -",
            c -> Invalidation.invpcidAddress(c.current.vpid(), c.operand.pcid(), c.gva)),
    ROW_3_INVPCID_CONTEXT(
            "all    -      all        operand current both      -",
            c -> Invalidation.invpcidContext(c.current.vpid(), c.operand.pcid())),
    ROW_4_INVPCID_ALL(
            "all    all    all        any     current both      -",
            c -> Invalidation.invpcidAllWithGlobals(c.current.vpid())),
    ROW_5_INVPCID_NO_GLOBALS(
            "all    -      all        any     current both      -", c -> Invalidation.invpcidAll(c.current.vpid())),
    ROW_6_13_MOV_CR3(
            "all    -      all        zero    current both      -", c -> Invalidation.movCr3(c.current.vpid(), 0)),
    ROW_7_MOV_CR3_PCID(
            "all    -      all        operand current both      -",
            c -> Invalidation.movCr3(c.current.vpid(), c.operand.pcid())),
    ROW_9_11_PGE_PCIDE_PG(
            "all    all    all        any     current both      -",
            c -> Invalidation.controlRegister(c.current.vpid())),
    ROW_10_PAE_SMEP(
            "all    all    all        current current both      -",
            c -> Invalidation.controlRegister(c.current.vpid(), c.current.pcid())),
    ROW_14_PAGE_FAULT(
            "page   -      of-address current current both      -",
            c -> Invalidation.pageFault(c.current.vpid(), c.current.pcid(), c.gva)),
    ROW_15_EPT_VIOLATION(
            "piece  piece  of-address current current current   of-address",
            c -> Invalidation.eptViolation(c.current.vpid(), c.current.pcid(), c.current.ep4ta(), c.gva, c.gpa)),
    ROW_15_OF_NO_LINEAR_ADDRESS(
            "-      -      -          current current current   of-address",
            c -> Invalidation.eptViolation(c.current.ep4ta(), c.gpa)),
    ROW_17_18_NO_VPID(
            "all    all    all        any     zero    both      -", c -> Invalidation.transitionWithoutVpid()),
    ROW_21_INVVPID_ADDRESS(
            "page   page   of-address any     operand both      -",
            c -> Invalidation.invvpidAddress(c.operand.vpid(), c.gva)),
    ROW_22_INVVPID_CONTEXT(
            "all    all    all        any     operand both      -", c -> Invalidation.invvpidContext(c.operand.vpid())),
    ROW_23_INVVPID_ALL("all    all    all        any     others  both      -", c -> Invalidation.invvpidAll()),
    ROW_24_INVVPID_NO_GLOBALS(
            "all    -      all        any     operand both      -",
            c -> Invalidation.invvpidContextButGlobals(c.operand.vpid())),
    ROW_25_INVEPT_CONTEXT(
            "all    all    all        any     any     operand   of-operand",
            c -> Invalidation.inveptContext(c.operand.ep4ta())),
    ROW_26_INVEPT_ALL("all    all    all        any     any     combined  all", c -> Invalidation.inveptAll()),
    ROW_27_EPTP_SWITCH(
            "all    all    all        any     zero    combined  -", c -> Invalidation.eptpSwitchWithoutVpid()),
    ROW_30_RESET("all    all    all        any     any     both      all", c -> Invalidation.reset());

    /** An execution of the operation, in the current space, with an operand that names another. */
    record Execution(Space current, Space operand, long gva, long gpa) {}

    private final String plain;
    private final String global;
    private final String structures;
    private final String pcids;
    private final String vpids;
    private final String kinds;
    private final String guestPhysical;
    private final Function<Execution, Invalidation> invalidation;

    TableRow(String cells, Function<Execution, Invalidation> invalidation) {
        String[] cell = cells.split(" +", 7);
        plain = cell[0];
        global = cell[1];
        structures = cell[2];
        pcids = cell[3];
        vpids = cell[4];
        kinds = cell[5];
        guestPhysical = cell[6];
        this.invalidation = invalidation;
    }

    Invalidation of(Execution e) {
        return invalidation.apply(e);
    }

    /** An EPT violation needs a second stage. */
    boolean canHappenIn(Space current) {
        return !kinds.equals("current") || current.ep4ta() != TlbTag.NO_EP4TA;
    }

    boolean drops(Execution e, Key entry) {
        boolean ofSpace = hasVpid(e, entry.owner()) && hasKind(e, entry.owner());
        return ofSpace
                && (entry.global() || hasPcid(e, entry.owner()))
                && hasPage(entry.global() ? global : plain, e, entry);
    }

    private static boolean hasPage(String cell, Execution e, Key entry) {
        return switch (cell) {
            case "-" -> false;
            case "piece" -> entry.holds(e.gva);
            case "page" -> entry.isOfGuestPage(e.gva);
            case "all" -> true;
            default -> throw new AssertionError(cell);
        };
    }

    boolean dropsStructuresOf(Execution e, Space space) {
        return !structures.equals("-") && hasVpid(e, space) && hasKind(e, space) && hasPcid(e, space);
    }

    boolean dropsStructuresOfOneAddress() {
        return structures.equals("of-address");
    }

    boolean dropsGuestPhysicalOf(Execution e, long root) {
        return switch (guestPhysical) {
            case "-" -> false;
            case "of-address" -> root == e.current.ep4ta();
            case "of-operand" -> root == e.operand.ep4ta();
            case "all" -> true;
            default -> throw new AssertionError(guestPhysical);
        };
    }

    boolean dropsOneGuestPhysicalAddress() {
        return guestPhysical.equals("of-address");
    }

    private boolean hasPcid(Execution e, Space space) {
        return switch (pcids) {
            case "current" -> space.pcid() == e.current.pcid();
            case "operand" -> space.pcid() == e.operand.pcid();
            case "zero" -> space.pcid() == 0;
            case "any" -> true;
            default -> throw new AssertionError(pcids);
        };
    }

    private boolean hasVpid(Execution e, Space space) {
        return switch (vpids) {
            case "current" -> space.vpid() == e.current.vpid();
            case "operand" -> space.vpid() == e.operand.vpid();
            case "zero" -> space.vpid() == 0;
            case "others" -> space.vpid() != 0;
            case "any" -> true;
            default -> throw new AssertionError(vpids);
        };
    }

    private boolean hasKind(Execution e, Space space) {
        boolean combined = space.ep4ta() != TlbTag.NO_EP4TA;
        return switch (kinds) {
            case "both" -> true;
            case "combined" -> combined;
            case "current" -> combined && space.ep4ta() == e.current.ep4ta();
            case "operand" -> combined && space.ep4ta() == e.operand.ep4ta();
            default -> throw new AssertionError(kinds);
        };
    }
}
