package hvsim.ept;

import hvsim.tlb.TlbTag;

/**
 * How addresses are translated at present: the guest's (or native) registers, and the second stage's controls.
 *
 * @param eptp {@link #NATIVE}: there is no second stage
 * @param modeBasedExecute secondary control "mode-based execute control for EPT"
 */
record Setting(Registers registers, NaiveWalker.Root root, PagingCapability can, long eptp, boolean modeBasedExecute) {
    static final long NATIVE = -1;

    boolean isNested() {
        return eptp != NATIVE;
    }

    long ep4ta() {
        return isNested() ? EptPointer.ep4ta(eptp) : TlbTag.NO_EP4TA;
    }

    Setting with(Registers other) {
        return new Setting(other, root, can, eptp, modeBasedExecute);
    }

    NaiveFormat format() {
        return new NaiveFormat(registers, can.physicalAddressBits(), can.guestPages1G());
    }

    void enter(NestedWalker walker, TlbTag tags, int vpid, int pcid) {
        int tag = tags.of(vpid, pcid, ep4ta());
        if (isNested()) {
            int eptTag = tags.ofGuestPhysical(ep4ta());
            walker.enterNested(registers.paging(), root.cr3(), root.pdptes(), tag, eptp, modeBasedExecute, eptTag);
        } else {
            walker.enterNative(registers.paging(), root.cr3(), root.pdptes(), tag);
        }
    }
}
