package hvsim.cpu;

import hvsim.cpu.state.Msrs;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.EntryContext;
import hvsim.cpu.vmx.MsrLists;
import hvsim.cpu.vmx.SwitchedMsrs;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxAbort;
import hvsim.tlb.Snapshot;
import org.jspecify.annotations.Nullable;

/** The MSR lists of transitions, and the MSRs that the hypervisor has by them. */
final class MsrSwitching {
    private final EntryContext context;
    private final Registers hostRegisters;
    private final Msrs hostMsrs = new Msrs();

    MsrSwitching(EntryContext context, Registers hostRegisters) {
        this.context = context;
        this.hostRegisters = hostRegisters;
    }

    Msrs hostMsrs() {
        return hostMsrs;
    }

    /** Of an entry whose list was checked. */
    void enter(Vcpu vcpu, long clock) {
        if (vcpu.vmcs().read(VmcsField.ENTRY_MSR_LOAD_COUNT) != 0) {
            MsrLists.enter(vcpu.vmcs(), guest(vcpu, clock), context.memory());
        }
    }

    /** Of an exit whose guest state is saved. */
    void store(Vcpu vcpu, long clock) {
        if (vcpu.vmcs().read(VmcsField.EXIT_MSR_STORE_COUNT) != 0) {
            abortIf(MsrLists.store(vcpu.vmcs(), guest(vcpu, clock), context), vcpu);
        }
    }

    /** Of an exit, or an entry that failed, once the rest of the host state is loaded. */
    void loadHost(Vcpu vcpu, long clock) {
        Vmcs vmcs = vcpu.vmcs();
        if (vmcs.read(VmcsField.EXIT_MSR_LOAD_COUNT) != 0) {
            SwitchedMsrs host = new SwitchedMsrs(hostRegisters, hostMsrs, clock);
            abortIf(MsrLists.loadHost(vmcs, host, context), vcpu);
        }
    }

    private static SwitchedMsrs guest(Vcpu vcpu, long clock) {
        return new SwitchedMsrs(vcpu.registers(), vcpu.msrs(), clock);
    }

    /** The processor shuts down (SDM vol. 3, 27.7). */
    private static void abortIf(@Nullable VmxAbort abort, Vcpu vcpu) {
        if (abort != null) {
            throw new IllegalStateException(vcpu.name() + ": the VM exit ends in VMX abort " + abort.indicator() + ", "
                    + abort.cause() + ": the processor shuts down");
        }
    }

    void transfer(Snapshot snapshot) {
        hostMsrs.transfer(snapshot);
    }
}
