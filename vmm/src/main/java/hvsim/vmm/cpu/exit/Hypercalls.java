package hvsim.vmm.cpu.exit;

import hvsim.cpu.Core;
import hvsim.cpu.VmExit;
import hvsim.cpu.instruction.Instruction;

/**
 * What VMCALL asks of the hypervisor. As KVM does (kvm_emulate_hypercall in arch/x86/kvm/x86.c of Linux 6), it answers in
 * RAX, and the guest goes on after the instruction; it offers no call, so that every number is an unknown one.
 */
public final class Hypercalls {
    /** Minus KVM_ENOSYS: there is no call of that number. */
    static final long UNKNOWN = -1000;

    /** Minus KVM_EPERM: only the guest's kernel may ask. */
    static final long NOT_PERMITTED = -1;

    private Hypercalls() {}

    public static void answer(Core core, VmExit exit) {
        exit.vcpu().observe(Instruction.VMCALL, exit.cpl() == 0 ? UNKNOWN : NOT_PERMITTED);
        core.skipInstruction();
    }
}
