package hvsim.vmm.cpu.nested;

import hvsim.cpu.Core;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxCapability;
import hvsim.cpu.vmx.VmxControl;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.PageSize;
import hvsim.vmm.memory.Frames;

/**
 * The VMCS that a guest hypervisor reads and writes without an exit: fields of which the bit is clear in two bitmaps. The
 * machine's hypervisor fills it before the guest hypervisor goes on, and takes back what was written.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 24.6.15 and 24.10; which fields: vmcs_shadow_fields.h in arch/x86/kvm/vmx of
 * Linux 6.
 */
final class ShadowVmcs {
    private static final VmcsField[] READ_ONLY = {
        VmcsField.EXIT_REASON,
        VmcsField.EXIT_QUALIFICATION,
        VmcsField.EXIT_INTERRUPTION_INFO,
        VmcsField.EXIT_INTERRUPTION_ERROR_CODE,
        VmcsField.IDT_VECTORING_INFO,
        VmcsField.IDT_VECTORING_ERROR_CODE,
        VmcsField.EXIT_INSTRUCTION_LENGTH,
        VmcsField.GUEST_CS_ACCESS_RIGHTS,
        VmcsField.GUEST_SS_ACCESS_RIGHTS,
        VmcsField.GUEST_LINEAR_ADDRESS,
        VmcsField.GUEST_PHYSICAL_ADDRESS
    };

    private static final VmcsField[] READ_WRITE = {
        VmcsField.GUEST_RIP,
        VmcsField.GUEST_RSP,
        VmcsField.GUEST_RFLAGS,
        VmcsField.GUEST_CR0,
        VmcsField.GUEST_CR3,
        VmcsField.GUEST_CR4,
        VmcsField.GUEST_INTERRUPTIBILITY_STATE,
        VmcsField.PRIMARY_CONTROLS,
        VmcsField.EXCEPTION_BITMAP,
        VmcsField.ENTRY_INTERRUPTION_INFO,
        VmcsField.ENTRY_EXCEPTION_ERROR_CODE,
        VmcsField.ENTRY_INSTRUCTION_LENGTH,
        VmcsField.TPR_THRESHOLD,
        VmcsField.CR0_GUEST_HOST_MASK,
        VmcsField.CR0_READ_SHADOW,
        VmcsField.CR4_READ_SHADOW
    };

    /** VMWRITEs that fill it. */
    static final int FILLED_FIELDS = READ_ONLY.length + READ_WRITE.length;

    /** VMREADs that take back what was written. */
    static final int WRITTEN_FIELDS = READ_WRITE.length;

    private static final long SHADOW_INDICATOR = 1L << 31;

    private final long region;
    private final long readBitmap;
    private final long writeBitmap;

    /** @param frames of the machine's hypervisor */
    ShadowVmcs(PhysicalMemory memory, Frames frames) {
        this.region = frames.allocate(PageSize.SIZE_4K);
        this.readBitmap = pageOfOnes(memory, frames);
        this.writeBitmap = pageOfOnes(memory, frames);
        memory.write(region, VmxCapability.REVISION_ID | SHADOW_INDICATOR);
        for (VmcsField field : READ_ONLY) {
            clear(memory, readBitmap, field);
        }
        for (VmcsField field : READ_WRITE) {
            clear(memory, readBitmap, field);
            clear(memory, writeBitmap, field);
        }
    }

    private static long pageOfOnes(PhysicalMemory memory, Frames frames) {
        long hpa = frames.allocate(PageSize.SIZE_4K);
        for (int i = 0; i < PageSize.SIZE_4K.bytes(); i += Long.BYTES) {
            memory.write(hpa + i, -1L);
        }
        return hpa;
    }

    private static void clear(PhysicalMemory memory, long bitmap, VmcsField field) {
        long hpa = bitmap + (field.encoding() >>> 6 << 3);
        memory.write(hpa, memory.read(hpa) & ~(1L << field.encoding()));
    }

    /** The guest hypervisor's own VMCS says where they are. */
    void setUp(Vmcs vmcs01) {
        vmcs01.set(VmxControl.VMCS_SHADOWING, true);
        vmcs01.write(VmcsField.VMCS_LINK_POINTER, region);
        vmcs01.write(VmcsField.VMREAD_BITMAP, readBitmap);
        vmcs01.write(VmcsField.VMWRITE_BITMAP, writeBitmap);
    }

    void fill(Core core, Vmcs vmcs12) {
        copy(vmcs12, core.vmcsAt(region), READ_ONLY);
        copy(vmcs12, core.vmcsAt(region), READ_WRITE);
    }

    void takeWritten(Core core, Vmcs vmcs12) {
        copy(core.vmcsAt(region), vmcs12, READ_WRITE);
    }

    /** VMCLEAR on one core writes it to memory, where another core finds it. */
    void move(Core from, Core to) {
        copy(from.vmcsAt(region), to.vmcsAt(region), READ_ONLY);
        copy(from.vmcsAt(region), to.vmcsAt(region), READ_WRITE);
    }

    private static void copy(Vmcs from, Vmcs to, VmcsField... fields) {
        for (VmcsField field : fields) {
            to.write(field, from.read(field));
        }
    }
}
