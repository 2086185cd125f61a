package hvsim.cpu;

import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.PhysicalMemory;

/**
 * Whether an instruction in non-root mode exits, by its operands and the VMCS alone. Privilege was checked
 * before; other faults come after.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 25.1.2 and 25.1.3.
 */
final class ExitConditions {
    private static final int MSR_BITMAP_PAGE = 0x400;
    private static final int HIGH_MSRS = 0xC000_0000;
    private static final int MSRS_OF_A_BITMAP = 0x2000;
    private static final int PORTS_OF_A_BITMAP = 0x8000;

    private ExitConditions() {}

    static boolean exits(Instruction instruction, int operand, long value, Vmcs vmcs, PhysicalMemory memory) {
        return switch (instruction) {
            case CPUID, VMCALL, VMREAD, VMWRITE, VMPTRLD, VMRESUME, INVEPT -> true;
            case HLT -> vmcs.has(VmxControl.HLT_EXITING);
            case IN, OUT -> exitsAtPort(operand, vmcs, memory);
            case RDMSR -> exitsAtMsr(operand, 0, vmcs, memory);
            case WRMSR -> exitsAtMsr(operand, 2 * MSR_BITMAP_PAGE, vmcs, memory);
            case MOV_TO_CR0 -> differs(value, VmcsField.CR0_GUEST_HOST_MASK, VmcsField.CR0_READ_SHADOW, vmcs);
            case MOV_TO_CR4 -> differs(value, VmcsField.CR4_GUEST_HOST_MASK, VmcsField.CR4_READ_SHADOW, vmcs);
            case MOV_TO_CR3 -> vmcs.has(VmxControl.CR3_LOAD_EXITING) && !isCr3Target(value, vmcs);
            case MOV_FROM_CR3 -> vmcs.has(VmxControl.CR3_STORE_EXITING);
            case MOV_FROM_CR0, MOV_FROM_CR4 -> false;
            case INVLPG -> vmcs.has(VmxControl.INVLPG_EXITING);
            case RDTSC -> vmcs.has(VmxControl.RDTSC_EXITING);
            case PAUSE -> vmcs.has(VmxControl.PAUSE_EXITING);
        };
    }

    private static boolean differs(long value, VmcsField mask, VmcsField shadow, Vmcs vmcs) {
        return ((value ^ vmcs.read(shadow)) & vmcs.read(mask)) != 0;
    }

    private static boolean isCr3Target(long value, Vmcs vmcs) {
        long count = vmcs.read(VmcsField.CR3_TARGET_COUNT);
        return count > 0 && value == vmcs.read(VmcsField.CR3_TARGET_VALUE0)
                || count > 1 && value == vmcs.read(VmcsField.CR3_TARGET_VALUE1)
                || count > 2 && value == vmcs.read(VmcsField.CR3_TARGET_VALUE2)
                || count > 3 && value == vmcs.read(VmcsField.CR3_TARGET_VALUE3);
    }

    private static boolean exitsAtPort(int port, Vmcs vmcs, PhysicalMemory memory) {
        if (!vmcs.has(VmxControl.USE_IO_BITMAPS)) {
            return vmcs.has(VmxControl.UNCONDITIONAL_IO_EXITING);
        }
        VmcsField bitmap = port < PORTS_OF_A_BITMAP ? VmcsField.IO_BITMAP_A : VmcsField.IO_BITMAP_B;
        return bit(memory, vmcs.read(bitmap), port & PORTS_OF_A_BITMAP - 1);
    }

    /** The page has four bitmaps of 1 KiB: reads of low MSRs, of high ones, writes of low ones, of high ones. */
    private static boolean exitsAtMsr(int msr, int firstByte, Vmcs vmcs, PhysicalMemory memory) {
        int inHigh = msr - HIGH_MSRS;
        boolean low = msr >= 0 && msr < MSRS_OF_A_BITMAP;
        boolean high = inHigh >= 0 && inHigh < MSRS_OF_A_BITMAP;
        if (!vmcs.has(VmxControl.USE_MSR_BITMAPS) || !low && !high) {
            return true;
        }
        long page = vmcs.read(VmcsField.MSR_BITMAP) + firstByte;
        return low ? bit(memory, page, msr) : bit(memory, page + MSR_BITMAP_PAGE, inHigh);
    }

    private static boolean bit(PhysicalMemory memory, long bitmapHpa, int bit) {
        return (memory.read(bitmapHpa + (bit >>> 6 << 3)) >>> (bit & 63) & 1) != 0;
    }
}
