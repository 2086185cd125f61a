package hvsim.tlb;

import java.util.Arrays;

/**
 * The address spaces that cached translations belong to. A tag is a small number that stands for
 * (VPID, PCID, EP4TA), so that a key fits one word; the table gives equal spaces equal numbers.
 *
 * <pre>
 *  key   63                        19 18 17 16                 0
 *       +----------------------------+-----+--------------------+
 *       | page or region number      |size | tag                |
 *       +----------------------------+-----+--------------------+
 * </pre>
 *
 * <table>
 * <caption>Kinds of mapping (SDM vol. 3, 28.3.1)</caption>
 * <tr><td>linear</td><td>VPID, PCID; EP4TA is {@link #NO_EP4TA}</td></tr>
 * <tr><td>combined</td><td>VPID, PCID, EP4TA</td></tr>
 * <tr><td>guest-physical</td><td>EP4TA; VPID is {@link #NO_VPID}</td></tr>
 * </table>
 *
 * Global translations of either of the first two have the PCID {@link #GLOBAL}.
 */
public final class TlbTag {
    public static final int BITS = 17;
    public static final int SIZE_SHIFT = BITS;
    public static final int NUMBER_SHIFT = BITS + 2;

    /** Page numbers have 45 bits: addresses of 57 bits in pages of 4 KiB. */
    static final long NUMBER_MASK = (1L << 64 - NUMBER_SHIFT) - 1;

    /** In place of a PCID: the translation serves every PCID. */
    public static final int GLOBAL = 4096;

    public static final int NO_VPID = -1;
    public static final long NO_EP4TA = -1;

    /** The last number is never given out, so that a key of all ones is no key. */
    static final int CAPACITY = (1 << BITS) - 1;

    private static final int MASK = (1 << BITS) - 1;
    private static final int FIRST_SIZE = 16;

    private int[] vpid = new int[FIRST_SIZE];
    private int[] pcid = new int[FIRST_SIZE];
    private long[] ep4ta = new long[FIRST_SIZE];
    private int[] index = new int[4 * FIRST_SIZE];
    private int count;

    /** Key of an address in a tagged space; {@code shift} cuts the address down to a page or region number. */
    public static long key(long address, int shift, int sizeNumber, int tag) {
        return address >>> shift << NUMBER_SHIFT | (long) sizeNumber << SIZE_SHIFT | tag;
    }

    static int tagOf(long key) {
        return (int) key & MASK;
    }

    static long numberOf(long key) {
        return key >>> NUMBER_SHIFT;
    }

    /** Tag of linear or combined mappings; {@code ep4taAddress} is {@link #NO_EP4TA} for linear ones. */
    public int of(int vpidNumber, int pcidNumber, long ep4taAddress) {
        int i = slot(vpidNumber, pcidNumber, ep4taAddress);
        if (index[i] == 0) {
            add(vpidNumber, pcidNumber, ep4taAddress);
            i = slot(vpidNumber, pcidNumber, ep4taAddress);
        }
        return index[i] - 1;
    }

    /** Tag of guest-physical mappings under one second-stage root. */
    public int ofGuestPhysical(long ep4taAddress) {
        return of(NO_VPID, 0, ep4taAddress);
    }

    /** Whether {@code spaces} more may not fit; the owner then drops every mapping and calls {@link #clear}. */
    public boolean isFull(int spaces) {
        return count + spaces > CAPACITY;
    }

    /** Forgets every space. Only when no mapping is cached any more. */
    public void clear() {
        count = 0;
        Arrays.fill(index, 0);
    }

    int count() {
        return count;
    }

    int vpid(int tag) {
        return vpid[tag];
    }

    int pcid(int tag) {
        return pcid[tag];
    }

    long ep4ta(int tag) {
        return ep4ta[tag];
    }

    private int slot(int vpidNumber, int pcidNumber, long ep4taAddress) {
        int mask = index.length - 1;
        int i = hash(vpidNumber, pcidNumber, ep4taAddress) & mask;
        while (index[i] != 0 && !is(index[i] - 1, vpidNumber, pcidNumber, ep4taAddress)) {
            i = i + 1 & mask;
        }
        return i;
    }

    private boolean is(int tag, int vpidNumber, int pcidNumber, long ep4taAddress) {
        return vpid[tag] == vpidNumber && pcid[tag] == pcidNumber && ep4ta[tag] == ep4taAddress;
    }

    private static int hash(int vpidNumber, int pcidNumber, long ep4taAddress) {
        long h = (ep4taAddress ^ (long) vpidNumber << 40 ^ (long) pcidNumber << 20) * 0x9E37_79B9_7F4A_7C15L;
        return (int) (h >>> 32);
    }

    private void add(int vpidNumber, int pcidNumber, long ep4taAddress) {
        if (count == CAPACITY) {
            throw new IllegalStateException("more than " + CAPACITY + " address spaces; clear() was due");
        }
        if (count == vpid.length) {
            grow();
        }
        vpid[count] = vpidNumber;
        pcid[count] = pcidNumber;
        ep4ta[count] = ep4taAddress;
        index[slot(vpidNumber, pcidNumber, ep4taAddress)] = ++count;
    }

    private void grow() {
        int size = 2 * count;
        vpid = Arrays.copyOf(vpid, size);
        pcid = Arrays.copyOf(pcid, size);
        ep4ta = Arrays.copyOf(ep4ta, size);
        rebuildIndex(size);
    }

    private void rebuildIndex(int size) {
        index = new int[4 * size];
        for (int tag = 0; tag < count; tag++) {
            index[slot(vpid[tag], pcid[tag], ep4ta[tag])] = tag + 1;
        }
    }

    /** Writes or reads the whole table. */
    public void transfer(Snapshot snapshot) {
        count = snapshot.transfer(count);
        vpid = snapshot.transferResized(vpid);
        pcid = snapshot.transferResized(pcid);
        ep4ta = snapshot.transferResized(ep4ta);
        rebuildIndex(vpid.length);
    }
}
