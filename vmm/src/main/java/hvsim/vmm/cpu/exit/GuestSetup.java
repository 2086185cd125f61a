package hvsim.vmm.cpu.exit;

import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.LegacyModeVmcs;
import hvsim.cpu.vmx.LongModeVmcs;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.interrupt.ApicSetup;
import hvsim.vmm.memory.Frames;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;

/** How a hardware-assisted hypervisor fills in the VMCS of a guest: its controls, its bitmaps, the host's state. */
public final class GuestSetup {
    // ple_gap and ple_window of KVM (arch/x86/kvm/x86.h of Linux 6)
    private static final int PLE_GAP_CYCLES = 128;
    private static final int PLE_WINDOW_CYCLES = 4096;

    private final HardwareSpec spec;
    private final HypervisorImage image;
    private final Bitmaps bitmaps;

    /** @param frames of the hypervisor */
    public GuestSetup(PhysicalMemory memory, Frames frames, HardwareSpec spec, HypervisorImage image, ApicSetup apics) {
        this(memory, frames, LongUnaryOperator.identity(), spec, image);
        apics.open(bitmaps.msr());
    }

    /**
     * Of a hypervisor whose frames are not the machine's own, or that leaves guests' local APICs to software.
     *
     * @param machineAddress where in the machine the frames are
     */
    public GuestSetup(
            PhysicalMemory memory,
            Frames frames,
            LongUnaryOperator machineAddress,
            HardwareSpec spec,
            HypervisorImage image) {
        this.spec = spec;
        this.image = image;
        this.bitmaps = new Bitmaps(memory, frames, machineAddress);
    }

    /** Whether all guests reach an MSR without an exit. */
    public static boolean isPassedThrough(int msr) {
        return IntStream.of(Bitmaps.PASSED_THROUGH).anyMatch(passed -> passed == msr);
    }

    public void setUp(Guest guest) {
        Vmcs vmcs = guest.vcpu().vmcs();
        guest.vcpu().saveRegisters();
        LongModeVmcs.prepare(vmcs);
        if (!guest.vcpu().registers().isLongMode()) {
            LegacyModeVmcs.adapt(vmcs);
        }
        vmcs.write(VmcsField.GUEST_CR0, vmcs.read(VmcsField.GUEST_CR0) | Registers.CR0_NE);
        vmcs.write(VmcsField.CR0_GUEST_HOST_MASK, Registers.CR0_NE); // 1 in VMX operation; the guest sees its own
        vmcs.write(VmcsField.CR0_READ_SHADOW, guest.vcpu().registers().cr0);
        setControls(vmcs);
        vmcs.write(VmcsField.VPID, guest.vpid());
        vmcs.write(VmcsField.IO_BITMAP_A, bitmaps.ioA());
        vmcs.write(VmcsField.IO_BITMAP_B, bitmaps.ioB());
        vmcs.write(VmcsField.MSR_BITMAP, bitmaps.msr());
        vmcs.write(VmcsField.EXCEPTION_BITMAP, spec.exceptionBitmap());
        vmcs.write(VmcsField.HOST_CR3, image.cr3());
        vmcs.write(VmcsField.HOST_CR4, vmcs.read(VmcsField.HOST_CR4) | image.cr4());
    }

    private void setControls(Vmcs vmcs) {
        vmcs.set(VmxControl.EXTERNAL_INTERRUPT_EXITING, true);
        vmcs.set(VmxControl.NMI_EXITING, true);
        vmcs.set(VmxControl.VIRTUAL_NMIS, true);
        vmcs.set(VmxControl.ACKNOWLEDGE_INTERRUPT_ON_EXIT, true);
        vmcs.set(VmxControl.ACTIVATE_SECONDARY_CONTROLS, true);
        vmcs.set(VmxControl.ENABLE_RDTSCP, true);
        vmcs.set(VmxControl.ENABLE_INVPCID, true);
        vmcs.set(VmxControl.ENABLE_XSAVES_XRSTORS, true);
        vmcs.set(VmxControl.ENABLE_USER_WAIT_AND_PAUSE, true);
        vmcs.set(VmxControl.ENABLE_VPID, spec.has(HardwareSpec.Feature.VPID));
        vmcs.set(VmxControl.USE_MSR_BITMAPS, spec.has(HardwareSpec.Feature.MSR_BITMAP));
        vmcs.set(VmxControl.USE_IO_BITMAPS, spec.has(HardwareSpec.Feature.IO_BITMAP));
        vmcs.set(VmxControl.UNCONDITIONAL_IO_EXITING, !spec.has(HardwareSpec.Feature.IO_BITMAP));
        vmcs.set(VmxControl.ACTIVATE_PREEMPTION_TIMER, spec.has(HardwareSpec.Feature.PREEMPTION_TIMER));
        vmcs.set(VmxControl.SAVE_PREEMPTION_TIMER_VALUE, spec.has(HardwareSpec.Feature.PREEMPTION_TIMER));
        vmcs.set(VmxControl.HLT_EXITING, spec.has(HardwareSpec.Feature.HLT_EXITING));
        vmcs.set(VmxControl.RDTSC_EXITING, spec.has(HardwareSpec.Feature.RDTSC_EXITING));
        vmcs.set(VmxControl.PAUSE_EXITING, spec.has(HardwareSpec.Feature.PAUSE_EXITING));
        setPauseLoop(vmcs);
        vmcs.set(VmxControl.INVLPG_EXITING, spec.has(HardwareSpec.Feature.INVLPG_EXITING));
        vmcs.set(VmxControl.CR3_LOAD_EXITING, spec.has(HardwareSpec.Feature.CR3_LOAD_EXITING));
        vmcs.set(VmxControl.CR3_STORE_EXITING, spec.has(HardwareSpec.Feature.CR3_STORE_EXITING));
    }

    private void setPauseLoop(Vmcs vmcs) {
        vmcs.set(VmxControl.PAUSE_LOOP_EXITING, spec.has(HardwareSpec.Feature.PAUSE_LOOP_EXITING));
        vmcs.write(VmcsField.PLE_GAP, PLE_GAP_CYCLES);
        vmcs.write(VmcsField.PLE_WINDOW, PLE_WINDOW_CYCLES);
    }

    /** Pages of ones: every port, and every MSR but those below, exits. */
    private record Bitmaps(long ioA, long ioB, long msr) {
        /** FS and GS base, and the swapped GS base: a guest's own, switched with it (as KVM passes them through). */
        private static final int[] PASSED_THROUGH = {0xC000_0100, 0xC000_0101, 0xC000_0102};

        private static final int READ_HIGH = 0x400;
        private static final int WRITE_HIGH = 0xC00;

        Bitmaps(PhysicalMemory memory, Frames frames, LongUnaryOperator machine) {
            this(page(memory, frames, machine), page(memory, frames, machine), page(memory, frames, machine));
            long page = machine.applyAsLong(msr);
            for (int passed : PASSED_THROUGH) {
                int number = passed & 0x1FFF;
                clear(memory, page + READ_HIGH, number);
                clear(memory, page + WRITE_HIGH, number);
            }
        }

        private static long page(PhysicalMemory memory, Frames frames, LongUnaryOperator machine) {
            long address = frames.allocate(PageSize.SIZE_4K);
            long hpa = machine.applyAsLong(address);
            for (int i = 0; i < PageSize.SIZE_4K.bytes(); i += 8) {
                memory.write(hpa + i, -1L);
            }
            return address;
        }

        private static void clear(PhysicalMemory memory, long bitmap, int bit) {
            long hpa = bitmap + (bit >>> 6 << 3);
            memory.write(hpa, memory.read(hpa) & ~(1L << bit));
        }
    }
}
