package hvsim.vmm.cpu;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.cpu.Transitions;
import hvsim.cpu.Vcpu;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.LongModeVmcs;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.Frames;
import java.util.List;

/** Guests run in non-root mode, their kernels at CPL 0; what the VMCS says comes back as a VM exit. */
public final class HardwareAssisted implements CpuTechnique {
    /** Vector of the host's timer, where the preemption timer is not used. */
    private static final int HOST_TIMER_VECTOR = 0xEC;

    private static final int TSC_DEADLINE_MODE = 2 << 17;

    private final Core core;
    private final HardwareSpec spec;
    private final Frames frames;
    private final HypervisorImage image;
    private final List<Guest> guests;
    private final ExitDispatcher dispatcher;

    /**
     * @param pageLevels of the hypervisor's own tables
     * @param frames of the hypervisor; its tables of guests come out of them too
     * @param guests all of them
     */
    public HardwareAssisted(
            Core core, PhysicalMemory memory, int pageLevels, Frames frames, HardwareSpec spec, List<Guest> guests) {
        this.core = core;
        this.spec = spec;
        this.frames = frames;
        this.guests = List.copyOf(guests);
        this.image = new HypervisorImage(memory, pageLevels, frames, guests.size());
        this.dispatcher = new ExitDispatcher(core, spec, image, this);
        Bitmaps bitmaps = new Bitmaps(memory, frames);
        for (Guest guest : guests) {
            setUp(guest, bitmaps);
        }
    }

    @Override
    public void start(Turns turns) {
        dispatcher.setTurns(turns);
        core.localApic().write(ApicMsr.TIMER, TSC_DEADLINE_MODE | HOST_TIMER_VECTOR, core.clock());
        core.transitions().startRoot(image.cr3(), image.cr4());
        resumeWith(turns.current());
    }

    private void setUp(Guest guest, Bitmaps bitmaps) {
        Vmcs vmcs = guest.vcpu().vmcs();
        guest.vcpu().saveRegisters();
        LongModeVmcs.prepare(vmcs);
        vmcs.write(VmcsField.CR0_GUEST_HOST_MASK, Registers.CR0_NE); // 1 in VMX operation; the guest sees its own
        vmcs.write(VmcsField.CR0_READ_SHADOW, guest.vcpu().registers().cr0);
        setControls(vmcs);
        vmcs.write(VmcsField.VPID, guest.vpid());
        vmcs.write(VmcsField.EPT_POINTER, guest.memory().eptPointer(spec.has(HardwareSpec.Feature.EPT_ACCESSED_DIRTY)));
        vmcs.write(VmcsField.IO_BITMAP_A, bitmaps.ioA());
        vmcs.write(VmcsField.IO_BITMAP_B, bitmaps.ioB());
        vmcs.write(VmcsField.MSR_BITMAP, bitmaps.msr());
        vmcs.write(VmcsField.EXCEPTION_BITMAP, spec.exceptionBitmap());
        vmcs.write(VmcsField.HOST_CR3, image.cr3());
        vmcs.write(VmcsField.HOST_CR4, vmcs.read(VmcsField.HOST_CR4) | image.cr4());
    }

    private void setControls(Vmcs vmcs) {
        vmcs.set(VmxControl.EXTERNAL_INTERRUPT_EXITING, true);
        vmcs.set(VmxControl.ACKNOWLEDGE_INTERRUPT_ON_EXIT, true);
        vmcs.set(VmxControl.ACTIVATE_SECONDARY_CONTROLS, true);
        vmcs.set(VmxControl.ENABLE_EPT, true);
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
        vmcs.set(VmxControl.INVLPG_EXITING, spec.has(HardwareSpec.Feature.INVLPG_EXITING));
        vmcs.set(VmxControl.CR3_LOAD_EXITING, spec.has(HardwareSpec.Feature.CR3_LOAD_EXITING));
        vmcs.set(VmxControl.CR3_STORE_EXITING, spec.has(HardwareSpec.Feature.CR3_STORE_EXITING));
    }

    @Override
    public void switchTo(Vcpu vcpu) {
        core.transitions().takeBack();
        resumeWith(vcpu);
    }

    private void resumeWith(Vcpu vcpu) {
        Program program = core.transitions().hostProgram();
        addTurn(program, vcpu);
        image.addResume(program);
    }

    /** A new slice for a virtual processor, from its next entry on. */
    void addTurn(Program program, Vcpu vcpu) {
        core.transitions().switchTo(vcpu);
        image.addWorldSwitch(program, numberOf(vcpu));
        if (spec.has(HardwareSpec.Feature.PREEMPTION_TIMER)) {
            vcpu.vmcs()
                    .write(VmcsField.PREEMPTION_TIMER_VALUE, spec.sliceCycles() >>> Transitions.PREEMPTION_TIMER_SHIFT);
        } else {
            long end = core.clock() + spec.sliceCycles();
            core.localApic().setDeadline(end, end);
        }
    }

    int numberOf(Vcpu vcpu) {
        return guestOf(vcpu).vpid() - 1;
    }

    Guest guestOf(Vcpu vcpu) {
        for (Guest guest : guests) {
            if (guest.vcpu() == vcpu) {
                return guest;
            }
        }
        throw new IllegalArgumentException("no guest has the virtual processor " + vcpu.name());
    }

    @Override
    public void handleExit() {
        dispatcher.handle(core.transitions().exit());
    }

    @Override
    public void transfer(Snapshot snapshot) {
        frames.transfer(snapshot);
    }

    /** Pages of ones: every port, and every MSR but those below, exits. */
    private record Bitmaps(long ioA, long ioB, long msr) {
        /** FS and GS base, and the swapped GS base: a guest's own, switched with it (as KVM passes them through). */
        private static final int[] PASSED_THROUGH = {0xC000_0100, 0xC000_0101, 0xC000_0102};

        private static final int READ_HIGH = 0x400;
        private static final int WRITE_HIGH = 0xC00;

        Bitmaps(PhysicalMemory memory, Frames frames) {
            this(page(memory, frames), page(memory, frames), page(memory, frames));
            for (int passed : PASSED_THROUGH) {
                int number = passed & 0x1FFF;
                clear(memory, msr + READ_HIGH, number);
                clear(memory, msr + WRITE_HIGH, number);
            }
        }

        private static long page(PhysicalMemory memory, Frames frames) {
            long hpa = frames.allocate(PageSize.SIZE_4K);
            for (int i = 0; i < PageSize.SIZE_4K.bytes(); i += 8) {
                memory.write(hpa + i, -1L);
            }
            return hpa;
        }

        private static void clear(PhysicalMemory memory, long bitmap, int bit) {
            long hpa = bitmap + (bit >>> 6 << 3);
            memory.write(hpa, memory.read(hpa) & ~(1L << bit));
        }
    }
}
