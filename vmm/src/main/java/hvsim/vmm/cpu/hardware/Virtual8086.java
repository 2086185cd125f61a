package hvsim.vmm.cpu.hardware;

import hvsim.cpu.Core;
import hvsim.cpu.Vcpu;
import hvsim.cpu.VmExit;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.InterruptionInfo;
import hvsim.cpu.vmx.LegacyModeVmcs;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxControl;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.memory.NestedMemory;
import hvsim.vmm.memory.UnsupportedGuestException;

/**
 * A guest in real-address mode where no guest may be in it: it runs in virtual-8086 mode at CPL 3, on tables that map
 * each address to itself. What needs more privilege than that, or depends on flags that are not its own, is #GP, which
 * exits as all exceptions do; the hypervisor then does what the instruction is for.
 *
 * <pre>
 *              the guest believes      in force
 *   CR0        PE 0, PG 0              PE 1, PG 1, WP 1, NE 1
 *   RFLAGS     VM 0, IOPL its own      VM 1, IOPL 0
 *   CR3        its own                 the identity tables, or the shadow's
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 20.2, 26.3.1.1, 31.2; KVM for how it is done.
 */
final class Virtual8086 {
    private static final long CR0_FORCED = Registers.CR0_PE | Registers.CR0_PG | Registers.CR0_WP | Registers.CR0_NE;
    private static final long CR4_OWNED = Registers.CR4_VME
            | Registers.CR4_PSE
            | Registers.CR4_PAE
            | Registers.CR4_PGE
            | Registers.CR4_PCIDE
            | Registers.CR4_VMXE;
    private static final long ALL_EXCEPTIONS = 0xFFFF_FFFFL;

    /** By virtual processor: what the guest believes that IOPL and CR3 are. */
    private final long[] iopl;

    private final long[] cr3;

    /** Whether the processor runs such guests as they are. */
    private final boolean isUnrestricted;

    Virtual8086(HardwareSpec spec, int vcpus) {
        isUnrestricted = spec.has(HardwareSpec.Feature.UNRESTRICTED_GUEST)
                && spec.shadow().isEmpty();
        iopl = new long[vcpus];
        cr3 = new long[vcpus];
    }

    /** Fills in what of a VMCS depends on real-address mode, if the guest starts in it. */
    void setUp(Guest guest) {
        if (guest.vcpu().registers().isProtectedMode()) {
            return;
        }
        if (isUnrestricted) {
            guest.vcpu().vmcs().set(VmxControl.UNRESTRICTED_GUEST, true);
        } else {
            restrict(guest);
        }
    }

    private static void restrict(Guest guest) {
        Vmcs vmcs = guest.vcpu().vmcs();
        Registers r = guest.vcpu().registers();
        LegacyModeVmcs.adaptToVirtual8086(vmcs);
        vmcs.write(VmcsField.CR0_GUEST_HOST_MASK, CR0_FORCED);
        vmcs.write(VmcsField.GUEST_CR0, r.cr0 | CR0_FORCED);
        vmcs.write(VmcsField.CR4_GUEST_HOST_MASK, CR4_OWNED);
        vmcs.write(VmcsField.GUEST_CR4, vmcs.read(VmcsField.GUEST_CR4) | Registers.CR4_PSE);
        vmcs.write(VmcsField.GUEST_RFLAGS, vmcs.read(VmcsField.GUEST_RFLAGS) | Registers.RFLAGS_VM);
        vmcs.write(VmcsField.EXCEPTION_BITMAP, ALL_EXCEPTIONS);
        if (guest.memory() instanceof NestedMemory nested) {
            vmcs.write(VmcsField.GUEST_CR3, nested.identityRoot());
        }
    }

    /** Does the work of an instruction that virtual-8086 mode has not; returns whether the exit was about one. */
    boolean emulate(Core core, VmExit exit) {
        Vcpu vcpu = exit.vcpu();
        Registers r = vcpu.registers();
        long info = vcpu.vmcs().read(VmcsField.EXIT_INTERRUPTION_INFO);
        if (!r.isVirtual8086() || InterruptionInfo.vector(info) != ExceptionVector.GENERAL_PROTECTION.number()) {
            return false;
        }
        int number = vcpu.number();
        long shadowCr3 = r.cr3;
        r.cr3 = cr3[number];
        r.rflags = r.rflags & ~Registers.RFLAGS_VM | iopl[number];
        core.emulate();
        iopl[number] = r.rflags & Registers.RFLAGS_IOPL;
        r.rflags = r.rflags & ~Registers.RFLAGS_IOPL | Registers.RFLAGS_VM;
        cr3[number] = r.cr3;
        r.cr3 = shadowCr3;
        vcpu.saveRegisters();
        if ((vcpu.vmcs().read(VmcsField.CR0_READ_SHADOW) & Registers.CR0_PE) != 0) {
            throw new UnsupportedGuestException(
                    vcpu.name() + " has left real-address mode: it stays in the mode that it starts in");
        }
        return true;
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(iopl);
        snapshot.transfer(cr3);
    }
}
