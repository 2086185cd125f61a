package hvsim.vmm.cpu.nested;

import hvsim.cpu.vmx.InterruptionInfo;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;

/**
 * From the VMCS that a guest hypervisor has written for its guest, and the one that it runs under itself, to the one that
 * its guest runs under; and back.
 *
 * <pre>
 *   vmcs12  guest state, its controls  ----+--> vmcs02  guest state; what either wants to exit; host state, second
 *   vmcs01  controls, host state       ----+            stage and tags of the machine's hypervisor
 * </pre>
 *
 * What is written at every entry, and read at every exit: as KVM does while vmcs12 is otherwise unchanged (prepare_vmcs02
 * and sync_vmcs02_to_vmcs12 in arch/x86/kvm/vmx/nested.c of Linux 6), as far as the model has it.
 */
final class MergedVmcs {
    private static final VmcsField[] GUEST_STATE = {
        VmcsField.GUEST_RIP,
        VmcsField.GUEST_RSP,
        VmcsField.GUEST_RFLAGS,
        VmcsField.GUEST_CR0,
        VmcsField.GUEST_CR3,
        VmcsField.GUEST_CR4,
        VmcsField.GUEST_EFER,
        VmcsField.GUEST_INTERRUPTIBILITY_STATE,
        VmcsField.GUEST_ACTIVITY_STATE,
        VmcsField.GUEST_PENDING_DEBUG_EXCEPTIONS
    };

    private static final VmcsField[] EXIT_INFORMATION = {
        VmcsField.EXIT_REASON,
        VmcsField.EXIT_QUALIFICATION,
        VmcsField.EXIT_INTERRUPTION_INFO,
        VmcsField.EXIT_INTERRUPTION_ERROR_CODE,
        VmcsField.IDT_VECTORING_INFO,
        VmcsField.IDT_VECTORING_ERROR_CODE,
        VmcsField.EXIT_INSTRUCTION_LENGTH,
        VmcsField.EXIT_INSTRUCTION_INFORMATION,
        VmcsField.GUEST_LINEAR_ADDRESS,
        VmcsField.GUEST_PHYSICAL_ADDRESS
    };

    private static final VmcsField[] INJECTION = {
        VmcsField.ENTRY_INTERRUPTION_INFO, VmcsField.ENTRY_EXCEPTION_ERROR_CODE, VmcsField.ENTRY_INSTRUCTION_LENGTH
    };

    /** The primary controls, the exception bitmap, masks and read shadows of CR0 and CR4. */
    private static final int MERGED_FIELDS = 6;

    private static final VmxControl[] WINDOWS = {VmxControl.INTERRUPT_WINDOW_EXITING, VmxControl.NMI_WINDOW_EXITING};

    /** What either of the two wants to exit. */
    private static final VmxControl[] EITHER = {
        VmxControl.HLT_EXITING,
        VmxControl.RDTSC_EXITING,
        VmxControl.PAUSE_EXITING,
        VmxControl.PAUSE_LOOP_EXITING,
        VmxControl.INVLPG_EXITING,
        VmxControl.CR3_LOAD_EXITING,
        VmxControl.CR3_STORE_EXITING,
        VmxControl.CR8_LOAD_EXITING,
        VmxControl.CR8_STORE_EXITING
    };

    /** Bitmaps of ports are not merged: every port exits (as in KVM). */
    private static final VmxControl[] NEITHER = {VmxControl.USE_IO_BITMAPS, VmxControl.VMCS_SHADOWING};

    /** VMREADs at an exit. */
    static final int FIELDS_OF_AN_EXIT = GUEST_STATE.length + EXIT_INFORMATION.length;

    /** VMWRITEs at an entry. */
    static final int FIELDS_OF_AN_ENTRY = GUEST_STATE.length + INJECTION.length + MERGED_FIELDS;

    private MergedVmcs() {}

    /** The one that its guest runs under, for the first time. */
    static void prepare(Vmcs vmcs01, Vmcs vmcs12, Vmcs vmcs02) {
        for (VmcsField field : VmcsField.values()) {
            boolean inner = field.type() == VmcsField.Type.GUEST_STATE && field != VmcsField.PREEMPTION_TIMER_VALUE;
            vmcs02.write(field, (inner ? vmcs12 : vmcs01).read(field));
        }
        for (VmxControl control : EITHER) {
            vmcs02.set(control, vmcs01.has(control) || vmcs12.has(control));
        }
        for (VmxControl control : NEITHER) {
            vmcs02.set(control, false);
        }
        vmcs02.set(VmxControl.UNCONDITIONAL_IO_EXITING, true);
        vmcs02.set(
                VmxControl.USE_MSR_BITMAPS,
                vmcs01.has(VmxControl.USE_MSR_BITMAPS) && vmcs12.has(VmxControl.USE_MSR_BITMAPS));
        vmcs02.write(VmcsField.ENTRY_CONTROLS, vmcs12.read(VmcsField.ENTRY_CONTROLS));
        vmcs02.write(VmcsField.VMCS_LINK_POINTER, -1L);
    }

    /** The guest hypervisor's VMRESUME. */
    static void enter(Vmcs vmcs01, Vmcs vmcs12, Vmcs vmcs02) {
        copy(vmcs12, vmcs02, GUEST_STATE);
        copy(vmcs12, vmcs02, INJECTION);
        for (VmxControl window : WINDOWS) {
            vmcs02.set(window, vmcs12.has(window));
        }
        merge(vmcs01, vmcs12, vmcs02, VmcsField.EXCEPTION_BITMAP);
        merge(vmcs01, vmcs12, vmcs02, VmcsField.CR0_GUEST_HOST_MASK);
        merge(vmcs01, vmcs12, vmcs02, VmcsField.CR4_GUEST_HOST_MASK);
        vmcs02.write(
                VmcsField.CR0_READ_SHADOW,
                visible(vmcs12, VmcsField.GUEST_CR0, VmcsField.CR0_GUEST_HOST_MASK, VmcsField.CR0_READ_SHADOW));
        vmcs02.write(
                VmcsField.CR4_READ_SHADOW,
                visible(vmcs12, VmcsField.GUEST_CR4, VmcsField.CR4_GUEST_HOST_MASK, VmcsField.CR4_READ_SHADOW));
    }

    private static void merge(Vmcs vmcs01, Vmcs vmcs12, Vmcs vmcs02, VmcsField bits) {
        vmcs02.write(bits, vmcs01.read(bits) | vmcs12.read(bits));
    }

    /** What the guest reads in a control register. */
    private static long visible(Vmcs vmcs, VmcsField register, VmcsField mask, VmcsField shadow) {
        long masked = vmcs.read(mask);
        return vmcs.read(register) & ~masked | vmcs.read(shadow) & masked;
    }

    /** An exit that the guest hypervisor gets; what its entry was to inject, and did, is not valid any more. */
    static void exit(Vmcs vmcs02, Vmcs vmcs12) {
        copy(vmcs02, vmcs12, GUEST_STATE);
        copy(vmcs02, vmcs12, EXIT_INFORMATION);
        vmcs12.write(VmcsField.ENTRY_INTERRUPTION_INFO, 0);
    }

    /** What was to be injected when an interrupt came first: to the guest hypervisor its delivery was interrupted. */
    static void takeBackInjection(Vmcs vmcs02, Vmcs vmcs12) {
        long info = vmcs02.read(VmcsField.ENTRY_INTERRUPTION_INFO);
        vmcs12.write(VmcsField.IDT_VECTORING_INFO, InterruptionInfo.isValid(info) ? info : 0);
        vmcs12.write(VmcsField.IDT_VECTORING_ERROR_CODE, vmcs02.read(VmcsField.ENTRY_EXCEPTION_ERROR_CODE));
        vmcs12.write(VmcsField.EXIT_INSTRUCTION_LENGTH, vmcs02.read(VmcsField.ENTRY_INSTRUCTION_LENGTH));
        vmcs02.write(VmcsField.ENTRY_INTERRUPTION_INFO, 0);
    }

    private static void copy(Vmcs from, Vmcs to, VmcsField... fields) {
        for (VmcsField field : fields) {
            to.write(field, from.read(field));
        }
    }
}
