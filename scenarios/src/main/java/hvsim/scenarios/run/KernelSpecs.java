package hvsim.scenarios.run;

import hvsim.scenarios.file.OperatingMode;
import hvsim.scenarios.file.Paging;
import hvsim.scenarios.file.SyscallBy;
import hvsim.scenarios.file.WorkloadConfig.KernelConfig;
import hvsim.vmm.kernel.KernelSpec;

/** {@code workload.kernel} as the kernel of a VM. */
final class KernelSpecs {
    private KernelSpecs() {}

    static KernelSpec of(KernelConfig kernel, OperatingMode mode, Clock clock) {
        return new KernelSpec(
                kernel.processes(),
                kernel.pcid() && mode == OperatingMode.LONG,
                kernel.globalPages(),
                kernel.paging() == Paging.DEMAND,
                kernel.pages(),
                kernel.syscallBy().map(KernelSpecs::by).orElse(usualIn(mode)),
                new KernelSpec.Shootdowns(
                        kernel.shootdown().batch(), kernel.shootdown().lazy()),
                clock.cycles(kernel.lockHold()),
                kernel.timer().map(clock::period).orElse(0L),
                clock.cycles(kernel.interruptsOff()));
    }

    private static KernelSpec.SyscallBy usualIn(OperatingMode mode) {
        return mode == OperatingMode.LONG ? KernelSpec.SyscallBy.SYSCALL : KernelSpec.SyscallBy.INTERRUPT;
    }

    private static KernelSpec.SyscallBy by(SyscallBy by) {
        return switch (by) {
            case SYSCALL -> KernelSpec.SyscallBy.SYSCALL;
            case INTERRUPT -> KernelSpec.SyscallBy.INTERRUPT;
        };
    }
}
