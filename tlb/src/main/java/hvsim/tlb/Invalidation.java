package hvsim.tlb;

/**
 * What an operation must drop from everything that caches translations: one row of the table below.
 * "cur" is the current VPID, PCID or EP4TA of the processor that executes it.
 *
 * <pre>
 *                                     linear, combined               paging-     guest-
 *                                     entries                        structure   physical
 *  operation                          plain        global            caches      entries
 *  INVLPG a                           page a       page a            all         -         cur VPID, cur PCID
 *  INVPCID 0 (a, p)                   page a       -                 those of a  -         cur VPID, p
 *  INVPCID 1 (p)                      all          -                 all         -         cur VPID, p
 *  INVPCID 2                          all          all               all         -         cur VPID
 *  INVPCID 3                          all          -                 all         -         cur VPID
 *  MOV CR3                            all          -                 all         -         cur VPID, PCID named
 *  MOV CR4 (PGE, PCIDE), CR0 (PG)     all          all               all         -         cur VPID
 *  MOV CR4 (PAE, SMEP)                all          all               all         -         cur VPID, cur PCID
 *  #PF at a                           page a       -                 those of a  -         cur VPID, cur PCID
 *  EPT violation at g, translating a  page a       page a            those of a  those of g  combined; cur all three
 *  VM entry, VM exit without VPID     all          all               all         -         VPID 0
 *  INVVPID 0 (v, a)                   page a       page a            those of a  -         v
 *  INVVPID 1 (v)                      all          all               all         -         v
 *  INVVPID 2                          all          all               all         -         all but VPID 0
 *  INVVPID 3 (v)                      all          -                 all         -         v
 *  INVEPT 1 (e)                       all          all               all         all       combined; e
 *  INVEPT 2                           all          all               all         all       combined
 *  VMFUNC EPTP switch without VPID    all          all               all         -         combined; VPID 0
 *  reset                              all          all               all         all
 * </pre>
 *
 * "page a" is the guest's page: all its pieces, where the second stage cut it. An EPT violation takes the piece
 * around a alone, and of guest-physical entries those that translate g.
 *
 * <p>MOV CR3 with bit 63 set, VM entry and exit with VPID, an EPTP switch with VPID, VMXON, VMXOFF, VMPTRLD,
 * VMCLEAR, an EPT misconfiguration, and writes to tables in memory drop nothing, and so have no row.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 4.10.4 and 28.3.3.
 */
public final class Invalidation {
    /** Of paging-structure caches, what goes. */
    enum Structures {
        NONE,
        OF_ADDRESS,
        ALL
    }

    private static final int ANY = -2;
    private static final int ANY_BUT_ZERO = -3;

    private int vpid = ANY;
    private int pcid = ANY;
    private long ep4ta = ANY;
    private boolean linear = true;
    private boolean plain = true;
    private boolean global;
    private boolean oneAddress;
    private boolean wholePage;
    private long gva;
    private Structures structures = Structures.ALL;
    private boolean guestPhysical;
    private boolean oneGuestPhysical;
    private long gpa;
    private boolean invlpg;

    private Invalidation() {}

    public static Invalidation invlpg(int vpid, int pcid, long gva) {
        Invalidation i = page(vpid, gva);
        i.pcid = pcid;
        i.global = true;
        i.structures = Structures.ALL;
        i.invlpg = true;
        return i;
    }

    /** INVPCID type 0. */
    public static Invalidation invpcidAddress(int vpid, int pcid, long gva) {
        Invalidation i = page(vpid, gva);
        i.pcid = pcid;
        return i;
    }

    /** INVPCID type 1. */
    public static Invalidation invpcidContext(int vpid, int pcid) {
        Invalidation i = ofVpid(vpid);
        i.pcid = pcid;
        return i;
    }

    /** INVPCID type 2. */
    public static Invalidation invpcidAllWithGlobals(int vpid) {
        return ofVpid(vpid).withGlobals();
    }

    /** INVPCID type 3. */
    public static Invalidation invpcidAll(int vpid) {
        return ofVpid(vpid);
    }

    /** MOV to CR3 that does not ask to keep: {@code pcid} is 0 with CR4.PCIDE clear, else the source's bits 11:0. */
    public static Invalidation movCr3(int vpid, int pcid) {
        return invpcidContext(vpid, pcid);
    }

    /** A change of CR4.PGE, of PCIDE 1 to 0, or of CR0.PG 1 to 0. */
    public static Invalidation controlRegister(int vpid) {
        return ofVpid(vpid).withGlobals();
    }

    /** A change of CR4.PAE, or of SMEP 0 to 1. */
    public static Invalidation controlRegister(int vpid, int pcid) {
        return invpcidContext(vpid, pcid).withGlobals();
    }

    public static Invalidation pageFault(int vpid, int pcid, long gva) {
        return invpcidAddress(vpid, pcid, gva);
    }

    /** An EPT violation at {@code gpa} that did not come from translating a linear address. */
    public static Invalidation eptViolation(long ep4ta, long gpa) {
        Invalidation i = ofVpid(ANY);
        i.linear = false;
        i.plain = false;
        i.structures = Structures.NONE;
        i.ep4ta = ep4ta;
        i.guestPhysical = true;
        i.oneGuestPhysical = true;
        i.gpa = gpa;
        return i;
    }

    /** An EPT violation at {@code gpa}, to which {@code gva} translates (bit 8 of the qualification). */
    public static Invalidation eptViolation(int vpid, int pcid, long ep4ta, long gva, long gpa) {
        Invalidation i = eptViolation(ep4ta, gpa).withGlobals();
        i.vpid = vpid;
        i.pcid = pcid;
        i.plain = true;
        i.oneAddress = true;
        i.gva = gva;
        i.structures = Structures.OF_ADDRESS;
        return i;
    }

    /** VM entry or VM exit while "enable VPID" is 0. */
    public static Invalidation transitionWithoutVpid() {
        return ofVpid(0).withGlobals();
    }

    /** INVVPID type 0. */
    public static Invalidation invvpidAddress(int vpid, long gva) {
        return page(vpid, gva).withGlobals();
    }

    /** INVVPID type 1. */
    public static Invalidation invvpidContext(int vpid) {
        return ofVpid(vpid).withGlobals();
    }

    /** INVVPID type 2. */
    public static Invalidation invvpidAll() {
        return ofVpid(ANY_BUT_ZERO).withGlobals();
    }

    /** INVVPID type 3. */
    public static Invalidation invvpidContextButGlobals(int vpid) {
        return ofVpid(vpid);
    }

    /** INVEPT type 1. */
    public static Invalidation inveptContext(long ep4ta) {
        Invalidation i = inveptAll();
        i.ep4ta = ep4ta;
        return i;
    }

    /** INVEPT type 2. */
    public static Invalidation inveptAll() {
        Invalidation i = ofVpid(ANY).withGlobals();
        i.linear = false;
        i.guestPhysical = true;
        return i;
    }

    /** VMFUNC leaf 0 while "enable VPID" is 0. */
    public static Invalidation eptpSwitchWithoutVpid() {
        Invalidation i = transitionWithoutVpid();
        i.linear = false;
        return i;
    }

    /** Power-up and reset. */
    public static Invalidation reset() {
        Invalidation i = ofVpid(ANY).withGlobals();
        i.guestPhysical = true;
        return i;
    }

    private static Invalidation ofVpid(int vpid) {
        Invalidation i = new Invalidation();
        i.vpid = vpid;
        return i;
    }

    private static Invalidation page(int vpid, long gva) {
        Invalidation i = ofVpid(vpid);
        i.oneAddress = true;
        i.wholePage = true;
        i.gva = gva;
        i.structures = Structures.OF_ADDRESS;
        return i;
    }

    private Invalidation withGlobals() {
        global = true;
        return this;
    }

    /** The address spaces whose entries of a TLB go: by tag. */
    boolean[] entryTags(TlbTag tags) {
        boolean[] marked = new boolean[tags.count()];
        for (int tag = 0; tag < marked.length; tag++) {
            marked[tag] = matchesSpace(tags, tag)
                    && (tags.pcid(tag) == TlbTag.GLOBAL ? global : plain && matchesPcid(tags, tag));
        }
        return marked;
    }

    /** The address spaces whose entries of paging-structure caches go: by tag. These are never global. */
    public boolean[] structureTags(TlbTag tags) {
        boolean[] marked = new boolean[tags.count()];
        for (int tag = 0; tag < marked.length && structures != Structures.NONE; tag++) {
            marked[tag] = matchesSpace(tags, tag) && matchesPcid(tags, tag);
        }
        return marked;
    }

    /** The second-stage roots whose guest-physical entries go: by tag. */
    public boolean[] guestPhysicalTags(TlbTag tags) {
        boolean[] marked = new boolean[tags.count()];
        for (int tag = 0; tag < marked.length && guestPhysical; tag++) {
            marked[tag] = tags.vpid(tag) == TlbTag.NO_VPID && (ep4ta == ANY || tags.ep4ta(tag) == ep4ta);
        }
        return marked;
    }

    private boolean matchesSpace(TlbTag tags, int tag) {
        int tagVpid = tags.vpid(tag);
        long tagEp4ta = tags.ep4ta(tag);
        return tagVpid != TlbTag.NO_VPID
                && (vpid == ANY || vpid == ANY_BUT_ZERO && tagVpid != 0 || vpid == tagVpid)
                && (tagEp4ta == TlbTag.NO_EP4TA ? linear : ep4ta == ANY || ep4ta == tagEp4ta);
    }

    private boolean matchesPcid(TlbTag tags, int tag) {
        return pcid == ANY || pcid == tags.pcid(tag);
    }

    /** Whether only the page of {@link #gva} goes, rather than whole spaces. */
    boolean isOfOneAddress() {
        return oneAddress;
    }

    /** Whether, where the guest's page of {@link #gva} was cut, all its pieces go (SDM vol. 3, 4.10.4.1). */
    boolean isOfWholePage() {
        return wholePage;
    }

    public long gva() {
        return gva;
    }

    /** Whether of the paging-structure caches only what {@link #gva} uses goes. */
    public boolean isOfStructuresOfOneAddress() {
        return structures == Structures.OF_ADDRESS;
    }

    /** Whether of the guest-physical entries only those of {@link #gpa} go. */
    public boolean isOfOneGuestPhysicalAddress() {
        return oneGuestPhysical;
    }

    public long gpa() {
        return gpa;
    }

    boolean isInvlpg() {
        return invlpg;
    }

    /** INVLPG where a processor cannot find the pieces of a cut page, and so drops the address space. */
    Invalidation ofWholeSpace() {
        return controlRegister(vpid, pcid);
    }
}
