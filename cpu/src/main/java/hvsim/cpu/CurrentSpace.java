package hvsim.cpu;

import hvsim.tlb.Snapshot;
import hvsim.tlb.TlbTag;

/** The address space that a core translates in: VPID, PCID and EP4TA, and the tags that stand for them. */
final class CurrentSpace {
    /** Its plain translations, its global ones, and the guest-physical ones behind them. */
    private static final int TAGS_OF_ONE = 3;

    private final TlbTag tags = new TlbTag();
    private int vpid;
    private int pcid;
    private long ep4ta = TlbTag.NO_EP4TA;
    private int tag;
    private int globalTag;

    /** Whether there is no tag left for one more; the owner then drops every translation, and {@link #forgetOthers}. */
    boolean isFull() {
        return tags.isFull(TAGS_OF_ONE);
    }

    void forgetOthers() {
        tags.clear();
    }

    void enter(int newVpid, int newPcid, long newEp4ta) {
        vpid = newVpid;
        pcid = newPcid;
        ep4ta = newEp4ta;
        tag = tags.of(vpid, pcid, ep4ta);
        globalTag = tags.of(vpid, TlbTag.GLOBAL, ep4ta);
    }

    TlbTag tags() {
        return tags;
    }

    int vpid() {
        return vpid;
    }

    int pcid() {
        return pcid;
    }

    long ep4ta() {
        return ep4ta;
    }

    /** Of linear or combined mappings. */
    int tag() {
        return tag;
    }

    /** Of those that are global. */
    int globalTag() {
        return globalTag;
    }

    int guestPhysicalTag() {
        return tags.ofGuestPhysical(ep4ta);
    }

    void transfer(Snapshot snapshot) {
        tags.transfer(snapshot);
        vpid = snapshot.transfer(vpid);
        pcid = snapshot.transfer(pcid);
        ep4ta = snapshot.transfer(ep4ta);
        tag = snapshot.transfer(tag);
        globalTag = snapshot.transfer(globalTag);
    }
}
