package hvsim.vmm.interrupt;

import hvsim.cpu.Vcpu;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.apic.PostedInterrupts;
import hvsim.cpu.apic.VirtualApic;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.vmm.memory.Frames;
import java.util.ArrayList;
import java.util.List;

/**
 * What a virtual processor's VMCS, the MSR bitmap and the pages that they point to have for its local APIC.
 *
 * <pre>
 *   for each virtual processor   a virtual-APIC page; a posted-interrupt descriptor of 64 bytes
 *   for each VM                  a PID-pointer table: a quadword for each of its virtual processors
 * </pre>
 */
public final class ApicSetup {
    private static final long PAGE_BYTES = PageSize.SIZE_4K.bytes();
    private static final int LAST_TABLE_INDEX = (int) PAGE_BYTES / Long.BYTES - 1;
    private static final int WRITES = 0x800;

    private final PhysicalMemory memory;
    private final Frames frames;
    private final ApicFeatures features;
    private long nextDescriptor;

    /** @param frames of the hypervisor */
    public ApicSetup(PhysicalMemory memory, Frames frames, ApicFeatures features) {
        this.memory = memory;
        this.frames = frames;
        this.features = features;
    }

    /** The local APICs of all virtual processors of a VM, whose VMCSs have everything else. */
    public List<GuestApic> setUp(List<Vcpu> vm) {
        long table = features.ipiVirtualization() ? page() : 0;
        List<GuestApic> apics = new ArrayList<>();
        for (Vcpu vcpu : vm) {
            setControls(vcpu.vmcs(), features);
            apics.add(
                    features.virtualInterrupts()
                            ? virtualized(vcpu, apics.size(), table)
                            : emulated(vcpu, apics.size()));
            if (features.ipiVirtualization()) {
                vcpu.vmcs().write(VmcsField.PID_POINTER_TABLE_ADDRESS, table);
                vcpu.vmcs().write(VmcsField.LAST_PID_POINTER_INDEX, Math.min(vm.size() - 1, LAST_TABLE_INDEX));
            }
        }
        return apics;
    }

    static void setControls(Vmcs vmcs, ApicFeatures features) {
        vmcs.set(VmxControl.CR8_LOAD_EXITING, !features.tprShadow());
        vmcs.set(VmxControl.CR8_STORE_EXITING, !features.tprShadow());
        vmcs.set(VmxControl.USE_TPR_SHADOW, features.tprShadow());
        vmcs.set(VmxControl.VIRTUALIZE_X2APIC_MODE, features.tprShadow());
        vmcs.set(VmxControl.APIC_REGISTER_VIRTUALIZATION, features.apicRegisters());
        vmcs.set(VmxControl.VIRTUAL_INTERRUPT_DELIVERY, features.virtualInterrupts());
        vmcs.set(VmxControl.PROCESS_POSTED_INTERRUPTS, features.postedInterrupts());
        vmcs.set(VmxControl.ACTIVATE_TERTIARY_CONTROLS, features.ipiVirtualization());
        vmcs.set(VmxControl.IPI_VIRTUALIZATION, features.ipiVirtualization());
    }

    private GuestApic emulated(Vcpu vcpu, int apicId) {
        return new EmulatedApic(vcpu, apicId, features.tprShadow() ? virtualApic(vcpu) : null);
    }

    private GuestApic virtualized(Vcpu vcpu, int apicId, long table) {
        long descriptor = descriptor();
        vcpu.vmcs().write(VmcsField.POSTED_INTERRUPT_DESCRIPTOR_ADDRESS, descriptor);
        vcpu.vmcs().write(VmcsField.POSTED_INTERRUPT_VECTOR, HostVector.NOTIFICATION.number());
        if (table != 0 && apicId <= LAST_TABLE_INDEX) {
            memory.write(table + (long) apicId * Long.BYTES, descriptor | 1);
        }
        return new VirtualizedApic(
                vcpu, apicId, virtualApic(vcpu), new PostedInterrupts(memory, descriptor), features.postedInterrupts());
    }

    private VirtualApic virtualApic(Vcpu vcpu) {
        vcpu.vmcs().write(VmcsField.VIRTUAL_APIC_ADDRESS, page());
        return new VirtualApic(memory, vcpu.vmcs());
    }

    private long page() {
        return frames.allocate(PageSize.SIZE_4K);
    }

    private long descriptor() {
        nextDescriptor = nextDescriptor % PAGE_BYTES == 0 ? page() : nextDescriptor;
        long descriptor = nextDescriptor;
        nextDescriptor += PostedInterrupts.BYTES;
        return descriptor;
    }

    /** MSRs that do not exit, for the hardware answers them: in a bitmap where all do. */
    public void open(long msrBitmap) {
        if (features.tprShadow()) {
            clear(msrBitmap, ApicMsr.TASK_PRIORITY);
            clear(msrBitmap + WRITES, ApicMsr.TASK_PRIORITY);
        }
        if (features.virtualInterrupts()) {
            clear(msrBitmap + WRITES, ApicMsr.END_OF_INTERRUPT);
            clear(msrBitmap + WRITES, ApicMsr.SELF_IPI);
        }
        if (features.ipiVirtualization()) {
            clear(msrBitmap + WRITES, ApicMsr.COMMAND);
        }
        for (int msr = ApicMsr.FIRST; features.apicRegisters() && msr <= ApicMsr.LAST; msr++) {
            if (ApicMsr.isReadable(msr) && msr != ApicMsr.CURRENT_COUNT) {
                clear(msrBitmap, msr);
            }
        }
    }

    private void clear(long bitmap, int msr) {
        long hpa = bitmap + (msr >>> 6 << 3);
        memory.write(hpa, memory.read(hpa) & ~(1L << msr));
    }
}
