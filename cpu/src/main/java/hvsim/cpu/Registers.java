package hvsim.cpu;

import hvsim.tlb.Snapshot;

/** The registers of one virtual processor that the model keeps. */
public final class Registers {
    public static final long CR0_PE = 1;
    public static final long CR0_WP = 1L << 16;
    public static final long CR0_PG = 1L << 31;
    public static final long CR4_PAE = 1L << 5;
    public static final long CR4_PGE = 1L << 7;
    public static final long CR4_PCIDE = 1L << 17;
    public static final long CR4_SMEP = 1L << 20;
    public static final long RFLAGS_IOPL = 3L << 12;

    /** CR3 bits 51:12: where the root table is. */
    public static final long CR3_ROOT = 0x000F_FFFF_FFFF_F000L;

    /** CR3 bits 11:0 with CR4.PCIDE: the PCID. */
    public static final int CR3_PCID = 0xFFF;

    /** Bit 63 of the value moved to CR3: keep what is cached for the new PCID. */
    public static final long CR3_KEEP = 1L << 63;

    private static final int IOPL_SHIFT = 12;

    public long cr0 = CR0_PG | CR0_WP | CR0_PE;
    public long cr2;
    public long cr3;
    public long cr4 = CR4_PAE | CR4_PGE;
    public long rflags = 2;
    public long rip;
    public long rax;

    int iopl() {
        return (int) (rflags & RFLAGS_IOPL) >>> IOPL_SHIFT;
    }

    /** The current PCID: 0 unless CR4.PCIDE is set. */
    int pcid() {
        return (cr4 & CR4_PCIDE) == 0 ? 0 : (int) cr3 & CR3_PCID;
    }

    /** A VM exit saves what the VMCS has fields for. */
    void saveTo(Vmcs vmcs) {
        vmcs.write(VmcsField.GUEST_RIP, rip);
        vmcs.write(VmcsField.GUEST_RFLAGS, rflags);
        vmcs.write(VmcsField.GUEST_CR0, cr0);
        vmcs.write(VmcsField.GUEST_CR3, cr3);
        vmcs.write(VmcsField.GUEST_CR4, cr4);
    }

    /** A VM entry loads it. */
    void loadFrom(Vmcs vmcs) {
        rip = vmcs.read(VmcsField.GUEST_RIP);
        rflags = vmcs.read(VmcsField.GUEST_RFLAGS);
        cr0 = vmcs.read(VmcsField.GUEST_CR0);
        cr3 = vmcs.read(VmcsField.GUEST_CR3);
        cr4 = vmcs.read(VmcsField.GUEST_CR4);
    }

    void transfer(Snapshot snapshot) {
        cr0 = snapshot.transfer(cr0);
        cr2 = snapshot.transfer(cr2);
        cr3 = snapshot.transfer(cr3);
        cr4 = snapshot.transfer(cr4);
        rflags = snapshot.transfer(rflags);
        rip = snapshot.transfer(rip);
        rax = snapshot.transfer(rax);
    }
}
