package hvsim.cpu;

import hvsim.cpu.apic.ApicAccess;
import hvsim.cpu.event.Event;
import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.ept.EptViolation;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.Walk;
import hvsim.tlb.Invalidation;
import org.jspecify.annotations.Nullable;

/**
 * What accesses to memory lead to that either stage stops, that go beyond a segment, or that reach the APIC-access page: an exception, or a VM
 * exit.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 4.7, 25.5.6, 27.2.1, 28.2.3, 28.3.3.1, 29.4.
 */
final class MemoryStops {
    private final Core core;
    private final Mmu mmu;
    private final Transitions transitions;
    private final PhysicalMemory memory;

    MemoryStops(Core core, Mmu mmu, Transitions transitions, PhysicalMemory memory) {
        this.core = core;
        this.mmu = mmu;
        this.transitions = transitions;
        this.memory = memory;
    }

    /** What the program's access leads to that was stopped last comes about. Returns false if run has to come back. */
    boolean comeAbout(long gva) {
        return switch (mmu.stop()) {
            case APIC_ACCESS_PAGE -> answeredByApic() ? core.request().makeCommandIfAny() : raise(stopped(gva));
            case REGISTER -> accessRegister(gva);
            case TLB_MISS -> core.deprivileging().trapOnMiss(gva, mmu.stoppedKind());
            case BEYOND_SEGMENT, WALK -> raise(stopped(gva));
        };
    }

    /** The device does the reference in place of memory. Returns false: it is known to whoever runs the core. */
    private boolean accessRegister(long gva) {
        Program program = core.current();
        long word = program.words[program.position];
        core.complete(program, word, core.operationCycles());
        return core.request().makeRegisterAccess(mmu.machineAddress(gva), word);
    }

    private boolean raise(@Nullable Event fault) {
        return fault != null && core.delivery().raise(fault);
    }

    /** The virtual APIC does the reference in place of memory. */
    private boolean answeredByApic() {
        Program program = core.vcpu().current();
        long word = program.words[program.position];
        int kind = GuestOp.kind(word);
        if (kind == GuestOp.WIDE || !core.apic().answers(kind, GuestOp.gva(word), GuestOp.sizeBytes(word))) {
            return false;
        }
        core.complete(program, word, core.operationCycles());
        return true;
    }

    /** What the access leads to that was stopped last: an exception to be raised, or null after a VM exit. */
    @Nullable
    Event stopped(long gva) {
        return switch (mmu.stop()) {
            case APIC_ACCESS_PAGE -> exitOnApicAccess(gva);
            case BEYOND_SEGMENT -> Event.exception(ExceptionVector.GENERAL_PROTECTION, 0);
            case WALK -> stoppedWalk(gva);
            case REGISTER -> throw new IllegalStateException("an event is delivered through the registers of a device");
            case TLB_MISS -> throw new IllegalStateException("what the TLB lacks is no event");
        };
    }

    private @Nullable Event stoppedWalk(long gva) {
        Walk walk = mmu.walk();
        return switch (walk.outcome()) {
            case NON_CANONICAL, RESERVED_PDPTE -> Event.exception(ExceptionVector.GENERAL_PROTECTION, 0);
            case PAGE_FAULT -> {
                mmu.invalidate(
                        Invalidation.pageFault(mmu.space().vpid(), mmu.space().pcid(), gva));
                yield Event.pageFault(gva, walk.errorCode());
            }
            case EPT_VIOLATION -> onEptViolation(gva, walk);
            case EPT_MISCONFIGURATION -> exit(ExitReason.EPT_MISCONFIG, walk, 0);
            case PML_FULL -> exit(ExitReason.PML_FULL, walk, 0);
            case SPP_MISS, SPP_MISCONFIGURATION -> {
                core.vcpu().vmcs().write(VmcsField.GUEST_LINEAR_ADDRESS, gva);
                yield exit(ExitReason.SPP_EVENT, walk, walk.qualification());
            }
            case TRANSLATED -> throw new IllegalStateException("nothing has stopped the access");
        };
    }

    /** A linear access reaches the APIC-access page, and the virtual APIC does not answer it. */
    private @Nullable Event exitOnApicAccess(long gva) {
        ApicAccess.Type type = delivers() ? ApicAccess.Type.EVENT_DELIVERY : ApicAccess.typeOf(mmu.stoppedKind());
        transitions.leave(ExitReason.APIC_ACCESS, type.qualification(gva));
        return null;
    }

    /** Whether the access was part of the delivery of an event. */
    private boolean delivers() {
        return core.delivery().underWay() != null;
    }

    /** An exception where the guest handles it by itself. */
    private @Nullable Event onEptViolation(long gva, Walk walk) {
        Vcpu vcpu = core.vcpu();
        Vmcs vmcs = vcpu.vmcs();
        dropTranslations(gva, walk);
        if (VirtualizationException.converts(walk, delivers(), vcpu.registers(), vmcs, memory)) {
            VirtualizationException.report(walk, gva, vmcs, memory);
            return Event.exception(ExceptionVector.VIRTUALIZATION, 0);
        }
        if ((walk.qualification() & EptViolation.LINEAR_VALID) != 0) {
            vmcs.write(VmcsField.GUEST_LINEAR_ADDRESS, gva);
        }
        return exit(ExitReason.EPT_VIOLATION, walk, walk.qualification());
    }

    private void dropTranslations(long gva, Walk walk) {
        CurrentSpace space = mmu.space();
        mmu.invalidate(
                (walk.qualification() & EptViolation.TRANSLATION) != 0
                        ? Invalidation.eptViolation(space.vpid(), space.pcid(), space.ep4ta(), gva, walk.gpa())
                        : Invalidation.eptViolation(space.ep4ta(), walk.gpa()));
    }

    private @Nullable Event exit(ExitReason reason, Walk walk, long qualification) {
        core.vcpu().vmcs().write(VmcsField.GUEST_PHYSICAL_ADDRESS, walk.gpa());
        transitions.leave(reason, qualification);
        return null;
    }
}
