package hvsim.cpu.state;

import hvsim.tlb.Snapshot;

/**
 * The registers of one virtual processor, or of the hypervisor in root mode.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), chapter 2; vol. 1, 3.4.3 for RFLAGS.
 */
public final class Registers {
    public static final long CR0_PE = 1;
    public static final long CR0_MP = 1 << 1;
    public static final long CR0_EM = 1 << 2;
    public static final long CR0_TS = 1 << 3;
    public static final long CR0_ET = 1 << 4;
    public static final long CR0_NE = 1 << 5;
    public static final long CR0_WP = 1 << 16;
    public static final long CR0_AM = 1 << 18;
    public static final long CR0_NW = 1 << 29;
    public static final long CR0_CD = 1 << 30;
    public static final long CR0_PG = 1L << 31;

    public static final long CR4_VME = 1;
    public static final long CR4_PVI = 1 << 1;
    public static final long CR4_TSD = 1 << 2;
    public static final long CR4_DE = 1 << 3;
    public static final long CR4_PSE = 1 << 4;
    public static final long CR4_PAE = 1 << 5;
    public static final long CR4_MCE = 1 << 6;
    public static final long CR4_PGE = 1 << 7;
    public static final long CR4_PCE = 1 << 8;
    public static final long CR4_OSFXSR = 1 << 9;
    public static final long CR4_UMIP = 1 << 11;
    public static final long CR4_LA57 = 1 << 12;
    public static final long CR4_VMXE = 1 << 13;
    public static final long CR4_SMXE = 1 << 14;
    public static final long CR4_FSGSBASE = 1 << 16;
    public static final long CR4_PCIDE = 1 << 17;
    public static final long CR4_OSXSAVE = 1 << 18;
    public static final long CR4_KL = 1 << 19;
    public static final long CR4_SMEP = 1 << 20;
    public static final long CR4_SMAP = 1 << 21;
    public static final long CR4_PKE = 1 << 22;
    public static final long CR4_CET = 1 << 23;
    public static final long CR4_PKS = 1 << 24;

    public static final long EFER_SCE = 1;
    public static final long EFER_LME = 1 << 8;
    public static final long EFER_LMA = 1 << 10;
    public static final long EFER_NXE = 1 << 11;

    public static final long RFLAGS_CF = 1;
    public static final long RFLAGS_ZF = 1 << 6;
    public static final long RFLAGS_TF = 1 << 8;
    public static final long RFLAGS_IF = 1 << 9;
    public static final long RFLAGS_IOPL = 3 << 12;
    public static final long RFLAGS_NT = 1 << 14;
    public static final long RFLAGS_RF = 1 << 16;
    public static final long RFLAGS_VM = 1 << 17;
    public static final long RFLAGS_AC = 1 << 18;
    public static final long RFLAGS_VIF = 1 << 19;
    public static final long RFLAGS_VIP = 1 << 20;
    public static final long RFLAGS_ID = 1 << 21;

    /** CR3 bits 51:12: where the root table is. */
    public static final long CR3_ROOT = 0x000F_FFFF_FFFF_F000L;

    /** CR3 bits 11:0 with CR4.PCIDE: the PCID. */
    public static final int CR3_PCID = 0xFFF;

    /** Bit 63 of the value moved to CR3: keep what is cached for the new PCID. */
    public static final long CR3_KEEP = 1L << 63;

    private static final int IOPL_SHIFT = 12;

    // As a 64-bit kernel leaves them.
    public long cr0 = CR0_PG | CR0_WP | CR0_NE | CR0_ET | CR0_PE;
    public long cr2;
    public long cr3;
    public long cr4 = CR4_PAE | CR4_PGE;

    /** Task priority, bits 3:0. */
    public long cr8;

    public long xcr0 = 1;
    public long efer = EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE;
    public long rflags = 2;
    public long rip;
    public long rsp;
    public long rax;
    public long rcx;
    public long rdx;

    /** What holds events back at present: bits of {@link Interruptibility}. */
    public int interruptibility;

    /** Whether instructions are executed at present. */
    public ActivityState activity = ActivityState.ACTIVE;

    /** Debug exceptions that wait for the next instruction boundary: bits 3:0 breakpoints, 12 any enabled, 14 step. */
    public long pendingDebug;

    /** Rights by protection key of user pages: bit 2i forbids access with key i, bit 2i + 1 forbids writing. */
    public int pkru;

    /** DR0 to DR3. */
    public final long[] dr = new long[4];

    public long dr6 = 0xFFFF_0FF0L;
    public long dr7 = 0x400;

    /** Where the global and the interrupt-descriptor table are. */
    public long gdtrBase = 0xFFFF_FE00_0000_1000L;

    public long idtrBase = 0xFFFF_FE00_0000_0000L;

    /** Selectors of the local descriptor table and of the task-state segment. */
    public int ldtrSelector;

    public int trSelector = 0x40;

    /** Added to the core's clock: what this processor's time-stamp counter says. */
    public long tscAdjust;

    /** Whether MONITOR or UMONITOR watches an address. */
    public boolean monitorArmed;

    /** PAE paging: the four entries of the page-directory-pointer table, loaded when CR3 is. */
    public final long[] pdptes = new long[4];

    /** Whether the code segment is a 64-bit one (CS.L); with EFER.LMA that is 64-bit mode. */
    public boolean codeIs64Bit = true;

    public int iopl() {
        return (int) (rflags & RFLAGS_IOPL) >>> IOPL_SHIFT;
    }

    /** The current PCID: 0 unless CR4.PCIDE is set. */
    public int pcid() {
        return (cr4 & CR4_PCIDE) == 0 ? 0 : (int) cr3 & CR3_PCID;
    }

    public boolean isProtectedMode() {
        return (cr0 & CR0_PE) != 0;
    }

    public boolean isVirtual8086() {
        return isProtectedMode() && (rflags & RFLAGS_VM) != 0;
    }

    public boolean isLongMode() {
        return (efer & EFER_LMA) != 0;
    }

    /** Whether PAE paging is in use, and with it {@link #pdptes} (SDM vol. 3, 4.1.1). */
    public boolean usesPdptes() {
        return (cr0 & CR0_PG) != 0 && (cr4 & CR4_PAE) != 0 && !isLongMode();
    }

    public boolean is64BitMode() {
        return isLongMode() && codeIs64Bit;
    }

    public void transfer(Snapshot snapshot) {
        cr0 = snapshot.transfer(cr0);
        cr2 = snapshot.transfer(cr2);
        cr3 = snapshot.transfer(cr3);
        cr4 = snapshot.transfer(cr4);
        cr8 = snapshot.transfer(cr8);
        xcr0 = snapshot.transfer(xcr0);
        efer = snapshot.transfer(efer);
        rflags = snapshot.transfer(rflags);
        rip = snapshot.transfer(rip);
        rsp = snapshot.transfer(rsp);
        rax = snapshot.transfer(rax);
        rcx = snapshot.transfer(rcx);
        rdx = snapshot.transfer(rdx);
        interruptibility = snapshot.transfer(interruptibility);
        activity = ActivityState.byNumber(snapshot.transfer(activity.number()));
        pendingDebug = snapshot.transfer(pendingDebug);
        pkru = snapshot.transfer(pkru);
        snapshot.transfer(dr);
        dr6 = snapshot.transfer(dr6);
        dr7 = snapshot.transfer(dr7);
        gdtrBase = snapshot.transfer(gdtrBase);
        idtrBase = snapshot.transfer(idtrBase);
        ldtrSelector = snapshot.transfer(ldtrSelector);
        trSelector = snapshot.transfer(trSelector);
        tscAdjust = snapshot.transfer(tscAdjust);
        monitorArmed = snapshot.transfer(monitorArmed);
        snapshot.transfer(pdptes);
        codeIs64Bit = snapshot.transfer(codeIs64Bit);
    }
}
