package hvsim.cpu.instruction;

import hvsim.cpu.instruction.Processor.Mode;
import hvsim.cpu.state.Msrs;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.ept.PhysicalMemory;
import java.util.SplittableRandom;

/**
 * Processors at random: mode, privilege, registers and all controls.
 *
 * <p>Left out, as the manual's text at hand does not decide it, or not what deprivileged code notices of it:
 * virtual-8086 mode with CR4.VME or IOPL 3 for PUSHF, POPF and IRET; virtual-8086 mode for far transfers, INT n, segment
 * registers, INVPCID and XSETBV; it and real-address mode for enclaves, PCONFIG and LOADIWKEY.
 */
final class RandomSettings {
    /** The processor's modes of operation (SDM vol. 3, 2.2). */
    enum Machine {
        REAL,
        VIRTUAL_8086,
        LEGACY,
        COMPATIBILITY,
        BITS_64
    }

    private static final long BITMAPS = 0x10_0000;
    private static final long SIZE = 1 << 28;
    private static final VmcsField[] PAGES = {
        VmcsField.IO_BITMAP_A,
        VmcsField.IO_BITMAP_B,
        VmcsField.MSR_BITMAP,
        VmcsField.VMREAD_BITMAP,
        VmcsField.VMWRITE_BITMAP,
        VmcsField.EPTP_LIST_ADDRESS
    };
    private static final int SETS = 16;
    private static final int SET_BYTES = PAGES.length * 0x1000;
    private static final long CR0_RANDOM = 0x0005_000EL; // AM, WP, TS, EM, MP
    private static final long CR4_RANDOM = 0x0074_498CL; // PKE, SMAP, SMEP, OSXSAVE, UMIP, SMXE, PGE, PCE, DE, TSD

    private final SplittableRandom random;
    private final PhysicalMemory memory = new PhysicalMemory(SIZE);

    RandomSettings(SplittableRandom random) {
        this.random = random;
        for (long page = BITMAPS; page < BITMAPS + (long) SETS * SET_BYTES; page += 0x1000) {
            for (long word = page; word < page + 0x1000; word += 8) {
                memory.write(word, random.nextLong());
            }
        }
        for (int set = 0; set < SETS; set++) {
            eptpList(BITMAPS + (long) set * SET_BYTES + SET_BYTES - 0x1000);
        }
    }

    /** Valid: two. Not: memory type 1, a walk of 3 levels, a reserved bit. */
    private void eptpList(long list) {
        memory.write(list, 0x5000 | 3 << 3 | 6);
        memory.write(list + 8, 0x6000 | 4 << 3 | 1 << 6);
        memory.write(list + 16, 0x7000 | 3 << 3 | 1);
        memory.write(list + 24, 0x7000 | 2 << 3 | 6);
        memory.write(list + 8 * 511, 0x7000 | 3 << 3 | 6 | 1 << 8);
    }

    Processor next(Instruction i) {
        Mode mode = oneIn(5) ? Mode.OUTSIDE_VMX : oneIn(4) ? Mode.ROOT : Mode.NON_ROOT;
        Machine machine = machine(i, mode);
        Registers r = registers(i, mode, machine);
        Vmcs vmcs = vmcs(r);
        Msrs msrs = new Msrs();
        msrs.write(0x3A, pick(5, 5, 1, 4, 0));
        msrs.write(0x174, pick(0, 3, 8, 0x10));
        msrs.write(0xDA0, sparse() & 0xFFFF);
        return new Processor(mode, cpl(machine), r, msrs, vmcs, memory);
    }

    private Machine machine(Instruction i, Mode mode) {
        boolean legacy = switch (i) { // task switches, and the start of long mode
            case CALL_FAR, JMP_FAR, INT_N, IRET, MOV_TO_CR0 -> oneIn(2);
            default -> false;
        };
        Machine usual = legacy ? Machine.LEGACY : Machine.BITS_64;
        Machine machine = oneIn(2) ? usual : Machine.values()[random.nextInt(Machine.values().length)];
        boolean descriptors = switch (i) {
            case CALL_FAR, JMP_FAR, RET_FAR, INT_N, PUSH_SREG, POP_SREG, MOV_TO_SREG, MOV_FROM_SREG -> true;
            case INVPCID, XSETBV -> true;
            default -> false;
        };
        boolean unsure = machine == Machine.VIRTUAL_8086 && descriptors;
        boolean enclaves = i == Instruction.ENCLS || i == Instruction.ENCLV || i == Instruction.PCONFIG;
        boolean keys = i == Instruction.LOADIWKEY || enclaves;
        boolean simple = machine == Machine.REAL || machine == Machine.VIRTUAL_8086;
        boolean rootInReal = mode == Mode.ROOT && machine == Machine.REAL;
        return unsure || keys && simple || rootInReal ? Machine.BITS_64 : machine;
    }

    private int cpl(Machine machine) {
        return switch (machine) {
            case REAL -> 0;
            case VIRTUAL_8086 -> 3;
            default -> oneIn(2) ? 0 : random.nextInt(4);
        };
    }

    private Registers registers(Instruction i, Mode mode, Machine machine) {
        Registers r = new Registers();
        boolean vmx = mode != Mode.OUTSIDE_VMX;
        boolean ia32e = machine == Machine.COMPATIBILITY || machine == Machine.BITS_64;
        r.cr0 = random.nextLong() & CR0_RANDOM | Registers.CR0_ET;
        r.cr0 |= vmx || !oneIn(4) ? Registers.CR0_NE : 0;
        r.cr0 |= machine == Machine.REAL ? 0 : Registers.CR0_PE | Registers.CR0_PG;
        r.cr4 = random.nextLong() & (CR4_RANDOM | Registers.CR4_VME | Registers.CR4_PVI);
        r.cr4 |= ia32e || random.nextBoolean() ? Registers.CR4_PAE : 0;
        r.cr4 |= ia32e && random.nextBoolean() ? Registers.CR4_PCIDE : 0;
        r.cr4 |= ia32e && oneIn(4) ? Registers.CR4_LA57 : 0;
        r.cr4 |= i == Instruction.LOADIWKEY && !oneIn(4) ? Registers.CR4_KL : 0;
        r.cr4 |= vmx || random.nextBoolean() ? Registers.CR4_VMXE : 0;
        r.cr3 = r.pcid() == 0 && oneIn(2) ? 0x1000 : 0x1005;
        r.efer =
                (random.nextBoolean() ? Registers.EFER_SCE : 0) | (ia32e ? Registers.EFER_LME | Registers.EFER_LMA : 0);
        r.codeIs64Bit = machine == Machine.BITS_64;
        r.rflags = 2 | random.nextLong() & (Registers.RFLAGS_IF | Registers.RFLAGS_IOPL | Registers.RFLAGS_VIP);
        r.rflags |= oneIn(4) ? Registers.RFLAGS_NT : 0;
        r.dr7 = oneIn(4) ? 0x2400 : 0x400;
        r.monitorArmed = random.nextBoolean();
        if (machine == Machine.LEGACY && mode != Mode.ROOT && random.nextBoolean()) {
            r.cr0 &= ~Registers.CR0_PG;
            r.efer |= random.nextBoolean() ? Registers.EFER_LME : 0;
        }
        if (machine == Machine.VIRTUAL_8086) {
            virtual8086(i, r);
        }
        return r;
    }

    private void virtual8086(Instruction i, Registers r) {
        r.rflags |= Registers.RFLAGS_VM;
        if (i.privilege() == Privilege.FLAGS_IMAGE) {
            r.cr4 &= ~Registers.CR4_VME;
            r.rflags = r.rflags & ~Registers.RFLAGS_IOPL | (long) random.nextInt(3) << 12;
        }
    }

    private Vmcs vmcs(Registers r) {
        Vmcs vmcs = new Vmcs();
        long primary = random.nextLong() | (oneIn(5) ? 0 : 1L << 31) | (oneIn(3) ? 0 : 1L << 17);
        long secondary = random.nextLong() | (random.nextBoolean() ? 0x1410_3008L : 0);
        if ((r.cr0 & Registers.CR0_PG) == 0) {
            primary |= 1L << 31;
            secondary |= 1 << 7;
        }
        vmcs.write(VmcsField.PRIMARY_CONTROLS, primary);
        vmcs.write(VmcsField.SECONDARY_CONTROLS, secondary | 1 << 1);
        vmcs.write(VmcsField.TERTIARY_CONTROLS, random.nextLong());
        vmcs.write(VmcsField.VM_FUNCTION_CONTROLS, oneIn(4) ? 0 : 1);
        vmcs.write(VmcsField.EXCEPTION_BITMAP, random.nextLong());
        vmcs.write(VmcsField.CR0_GUEST_HOST_MASK, sparse() & 0xE005_002FL);
        vmcs.write(VmcsField.CR0_READ_SHADOW, r.cr0 ^ sparse());
        vmcs.write(VmcsField.CR4_GUEST_HOST_MASK, sparse() & 0x00FF_79BFL);
        vmcs.write(VmcsField.CR4_READ_SHADOW, r.cr4 ^ sparse());
        vmcs.write(VmcsField.CR3_TARGET_COUNT, random.nextInt(5));
        vmcs.write(VmcsField.CR3_TARGET_VALUE0, 0x1000);
        vmcs.write(VmcsField.CR3_TARGET_VALUE1, 1L << 63 | 0x1000);
        vmcs.write(VmcsField.CR3_TARGET_VALUE2, 0x2000);
        vmcs.write(VmcsField.CR3_TARGET_VALUE3, 0x3000);
        vmcs.write(VmcsField.TPR_THRESHOLD, pick(0, 4, 5, 5));
        vmcs.write(VmcsField.XSS_EXITING_BITMAP, sparse());
        vmcs.write(VmcsField.ENCLS_EXITING_BITMAP, random.nextLong());
        vmcs.write(VmcsField.ENCLV_EXITING_BITMAP, random.nextLong());
        vmcs.write(VmcsField.PCONFIG_EXITING_BITMAP, random.nextLong());
        for (int n = 0; n < PAGES.length; n++) {
            vmcs.write(PAGES[n], BITMAPS + (long) random.nextInt(SETS) * SET_BYTES + n * 0x1000L);
        }
        return vmcs;
    }

    /** A bit in eight is set, on the average. */
    private long sparse() {
        long word = random.nextLong();
        word &= random.nextLong();
        return word & random.nextLong();
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private long pick(long... from) {
        return from[random.nextInt(from.length)];
    }
}
