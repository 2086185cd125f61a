package hvsim.cpu;

import hvsim.cpu.apic.ApicAccess;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.ept.EptViolation;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.Walk;
import hvsim.tlb.Invalidation;

/**
 * What accesses to memory lead to that the second stage stops, or that reach the APIC-access page.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 25.5.6, 27.2.1, 28.2.3, 28.3.3.1, 29.4.
 */
final class MemoryExits {
    private final Core core;
    private final Mmu mmu;
    private final Transitions transitions;
    private final PhysicalMemory memory;

    MemoryExits(Core core, Mmu mmu, Transitions transitions, PhysicalMemory memory) {
        this.core = core;
        this.mmu = mmu;
        this.transitions = transitions;
        this.memory = memory;
    }

    boolean exitOnSecondStage(long gva, Walk walk) {
        Vmcs vmcs = core.vcpu().vmcs();
        vmcs.write(VmcsField.GUEST_PHYSICAL_ADDRESS, walk.gpa());
        return switch (walk.outcome()) {
            case EPT_MISCONFIGURATION -> transitions.leave(ExitReason.EPT_MISCONFIG, 0);
            case PML_FULL -> transitions.leave(ExitReason.PML_FULL, 0);
            case SPP_MISS, SPP_MISCONFIGURATION -> {
                vmcs.write(VmcsField.GUEST_LINEAR_ADDRESS, gva);
                yield transitions.leave(ExitReason.SPP_EVENT, walk.qualification());
            }
            case EPT_VIOLATION -> exitOnEptViolation(gva, walk);
            case TRANSLATED, NON_CANONICAL, PAGE_FAULT, RESERVED_PDPTE ->
                throw new IllegalArgumentException(walk.outcome() + " is not of the second stage");
        };
    }

    /** An EPT violation that the guest handles by itself. */
    boolean convertToException(long gva, Walk walk) {
        Vcpu vcpu = core.vcpu();
        boolean delivering = core.delivery().underWay() != null;
        if (!VirtualizationException.converts(walk, delivering, vcpu.registers(), vcpu.vmcs(), memory)) {
            return false;
        }
        VirtualizationException.report(walk, gva, vcpu.vmcs(), memory);
        dropTranslations(gva, walk);
        return true;
    }

    private boolean exitOnEptViolation(long gva, Walk walk) {
        long qualification = walk.qualification();
        if ((qualification & EptViolation.LINEAR_VALID) != 0) {
            core.vcpu().vmcs().write(VmcsField.GUEST_LINEAR_ADDRESS, gva);
        }
        dropTranslations(gva, walk);
        return transitions.leave(ExitReason.EPT_VIOLATION, qualification);
    }

    private void dropTranslations(long gva, Walk walk) {
        mmu.invalidate(
                (walk.qualification() & EptViolation.TRANSLATION) != 0
                        ? Invalidation.eptViolation(mmu.vpid(), mmu.pcid(), mmu.ep4ta(), gva, walk.gpa())
                        : Invalidation.eptViolation(mmu.ep4ta(), walk.gpa()));
    }

    /** A linear access reaches the APIC-access page, and the virtual APIC does not answer it. */
    boolean exitOnApicAccess(long gva, int kind) {
        boolean delivering = core.delivery().underWay() != null;
        ApicAccess.Type type = delivering ? ApicAccess.Type.EVENT_DELIVERY : ApicAccess.typeOf(kind);
        return transitions.leave(ExitReason.APIC_ACCESS, type.qualification(gva));
    }
}
