package hvsim.cpu.vmx;

import hvsim.cpu.state.ActivityState;
import hvsim.cpu.state.Registers;
import hvsim.ept.PhysicalMemory;

/**
 * What of a guest's registers the VMCS has fields for: a VM exit saves it, a VM entry loads it.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 26.3.2 and 27.3.
 */
public final class GuestState {
    private static final VmcsField[] PDPTES = {
        VmcsField.GUEST_PDPTE0, VmcsField.GUEST_PDPTE1, VmcsField.GUEST_PDPTE2, VmcsField.GUEST_PDPTE3
    };

    /** CR3 bits 31:5. */
    private static final long PDPT_ADDRESS = 0xFFFF_FFE0L;

    private GuestState() {}

    public static void save(Registers r, Vmcs vmcs) {
        vmcs.write(VmcsField.GUEST_RIP, r.rip);
        vmcs.write(VmcsField.GUEST_RSP, r.rsp);
        vmcs.write(VmcsField.GUEST_RFLAGS, r.rflags);
        vmcs.write(VmcsField.GUEST_CR0, r.cr0);
        vmcs.write(VmcsField.GUEST_CR3, r.cr3);
        vmcs.write(VmcsField.GUEST_CR4, r.cr4);
        vmcs.write(VmcsField.GUEST_INTERRUPTIBILITY_STATE, r.interruptibility);
        vmcs.write(VmcsField.GUEST_ACTIVITY_STATE, r.activity.number());
        vmcs.write(VmcsField.GUEST_PENDING_DEBUG_EXCEPTIONS, r.pendingDebug);
        saveEfer(r, vmcs);
        savePdptes(r, vmcs);
    }

    /** Without a field of its own it follows "IA-32e mode guest" (26.3.2.1). */
    private static void loadEfer(Registers r, Vmcs vmcs) {
        if (vmcs.has(VmxControl.ENTRY_LOAD_IA32_EFER)) {
            r.efer = vmcs.read(VmcsField.GUEST_EFER);
        } else if (vmcs.has(VmxControl.IA32E_MODE_GUEST)) {
            r.efer |= Registers.EFER_LMA | Registers.EFER_LME;
        } else {
            boolean paging = (r.cr0 & Registers.CR0_PG) != 0;
            r.efer &= paging ? ~(Registers.EFER_LMA | Registers.EFER_LME) : ~Registers.EFER_LMA;
        }
    }

    /** IA32_VMX_MISC bit 5: "IA-32e mode guest" follows EFER.LMA (27.2). */
    private static void saveEfer(Registers r, Vmcs vmcs) {
        if (vmcs.has(VmxControl.EXIT_SAVE_IA32_EFER)) {
            vmcs.write(VmcsField.GUEST_EFER, r.efer);
        }
        if (vmcs.has(VmxControl.IA32E_MODE_GUEST) != r.isLongMode()) {
            vmcs.set(VmxControl.IA32E_MODE_GUEST, r.isLongMode());
        }
    }

    /** PDPTEs of a guest without EPT are in memory, where CR3 says (26.3.2.4). */
    public static void load(Registers r, Vmcs vmcs, PhysicalMemory memory) {
        r.rip = vmcs.read(VmcsField.GUEST_RIP);
        r.rsp = vmcs.read(VmcsField.GUEST_RSP);
        r.rflags = vmcs.read(VmcsField.GUEST_RFLAGS);
        r.cr0 = vmcs.read(VmcsField.GUEST_CR0);
        r.cr3 = vmcs.read(VmcsField.GUEST_CR3);
        r.cr4 = vmcs.read(VmcsField.GUEST_CR4);
        r.interruptibility = (int) vmcs.read(VmcsField.GUEST_INTERRUPTIBILITY_STATE);
        r.activity = ActivityState.byNumber((int) vmcs.read(VmcsField.GUEST_ACTIVITY_STATE));
        r.pendingDebug = vmcs.read(VmcsField.GUEST_PENDING_DEBUG_EXCEPTIONS);
        loadEfer(r, vmcs);
        if (r.usesPdptes()) {
            loadPdptes(r, vmcs, memory);
        }
    }

    private static void loadPdptes(Registers r, Vmcs vmcs, PhysicalMemory memory) {
        boolean inFields = vmcs.has(VmxControl.ENABLE_EPT);
        for (int i = 0; i < PDPTES.length; i++) {
            r.pdptes[i] = inFields ? vmcs.read(PDPTES[i]) : memory.read((r.cr3 & PDPT_ADDRESS) + 8L * i);
        }
    }

    /** With EPT (27.3.4). */
    public static void savePdptes(Registers r, Vmcs vmcs) {
        if (r.usesPdptes() && vmcs.has(VmxControl.ENABLE_EPT)) {
            for (int i = 0; i < PDPTES.length; i++) {
                vmcs.write(PDPTES[i], r.pdptes[i]);
            }
        }
    }
}
