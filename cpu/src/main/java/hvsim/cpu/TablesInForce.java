package hvsim.cpu;

import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.GuestPaging;
import hvsim.ept.NestedWalker;
import hvsim.ept.WalkCaches;
import hvsim.tlb.Snapshot;
import hvsim.tlb.Tlb;
import hvsim.tlb.TlbTag;
import hvsim.tlb.Translation;

/** Which tables translate at the moment, and the address space that what they say is tagged with. */
final class TablesInForce {
    private static final long NO_PAGE = -1;
    private static final int PAGE_BYTES = 4096;

    private final Tlb tlb;
    private final WalkCaches caches;
    private final NestedWalker walker;
    private final boolean filledBySoftware;
    private final CurrentSpace space = new CurrentSpace();

    /** The page that only the virtual APIC answers, or {@link #NO_PAGE}. */
    private long apicAccessPage = NO_PAGE;

    private boolean missesTrap;

    TablesInForce(Tlb tlb, WalkCaches caches, NestedWalker walker, boolean filledBySoftware) {
        this.tlb = tlb;
        this.caches = caches;
        this.walker = walker;
        this.filledBySoftware = filledBySoftware;
    }

    CurrentSpace space() {
        return space;
    }

    /** Translates from now on with one stage: native kernels, and the hypervisor itself (VPID 0). */
    void enterOneStage(Registers registers, int vpid) {
        enterSpace(vpid, registers.pcid(), TlbTag.NO_EP4TA, NO_PAGE);
        walker.enterNative(pagingOf(registers), registers.cr3, registers.pdptes, space.tag());
    }

    /** Translates from now on for a guest, behind the VMCS's second stage if it has one. */
    void enterTwoStages(Registers registers, Vmcs vmcs) {
        boolean virtualizesApic = vmcs.has(VmxControl.VIRTUALIZE_APIC_ACCESSES);
        long page = virtualizesApic ? vmcs.read(VmcsField.APIC_ACCESS_ADDRESS) : NO_PAGE;
        if (!vmcs.has(VmxControl.ENABLE_EPT)) {
            enterSpace(vmcs.effectiveVpid(), registers.pcid(), TlbTag.NO_EP4TA, page);
            walker.enterNative(pagingOf(registers), registers.cr3, registers.pdptes, space.tag());
            return;
        }
        enterSpace(vmcs.effectiveVpid(), registers.pcid(), vmcs.ep4ta(), page);
        walker.enterNested(
                pagingOf(registers),
                registers.cr3,
                registers.pdptes,
                space.tag(),
                vmcs.read(VmcsField.EPT_POINTER),
                vmcs.has(VmxControl.MODE_BASED_EXECUTE),
                space.guestPhysicalTag());
    }

    /** What a VM entry alone loads of the second stage: the page-modification log, and sub-page write permissions. */
    void enterSecondStage(Vmcs vmcs) {
        walker.dirtyLog().enter(vmcs.has(VmxControl.ENABLE_PML), vmcs.read(VmcsField.PML_ADDRESS), (int)
                vmcs.read(VmcsField.PML_INDEX));
        walker.subPagePermissions()
                .enter(
                        vmcs.has(VmxControl.SUB_PAGE_WRITE_PERMISSIONS),
                        vmcs.read(VmcsField.SUB_PAGE_PERMISSION_TABLE_POINTER));
    }

    /** What a VM exit saves of it. */
    void saveSecondStage(Vmcs vmcs) {
        if (vmcs.has(VmxControl.ENABLE_PML)) {
            vmcs.write(VmcsField.PML_INDEX, walker.dirtyLog().index());
        }
    }

    private static GuestPaging pagingOf(Registers registers) {
        return GuestPaging.of(registers.cr0, registers.cr4, registers.efer);
    }

    private void enterSpace(int vpid, int pcid, long ep4ta, long newApicAccessPage) {
        apicAccessPage = newApicAccessPage;
        missesTrap = false;
        if (space.isFull()) {
            tlb.clear();
            caches.clear();
            space.forgetOthers();
        }
        space.enter(vpid, pcid, ep4ta);
        tlb.enter(space.tag(), space.globalTag());
    }

    /** From now on what the TLB lacks is for the hypervisor to fill in, where no walker does it. */
    void trapMisses() {
        missesTrap = filledBySoftware;
    }

    boolean missesTrap() {
        return missesTrap;
    }

    /** Whether an address is translated to the page that only the virtual APIC answers (SDM vol. 3, 29.4). */
    boolean isOnApicAccessPage(long translation, long gva) {
        return apicAccessPage != NO_PAGE && (Translation.hpa(translation, gva) & -PAGE_BYTES) == apicAccessPage;
    }

    void transfer(Snapshot snapshot) {
        space.transfer(snapshot);
        apicAccessPage = snapshot.transfer(apicAccessPage);
        missesTrap = snapshot.transfer(missesTrap);
    }
}
