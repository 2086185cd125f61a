package hvsim.cpu.vmx;

import hvsim.cpu.state.Msrs;
import hvsim.cpu.state.Registers;

/**
 * The model-specific registers of a guest or of the hypervisor, as RDMSR and WRMSR of MSR lists reach them.
 *
 * @param clock the core's time in cycles
 */
public record SwitchedMsrs(Registers registers, Msrs msrs, long clock) {
    private static final int IA32_TIME_STAMP_COUNTER = 0x10;
    static final int IA32_EFER = 0xC000_0080;

    long read(int msr) {
        return switch (msr) {
            case IA32_TIME_STAMP_COUNTER -> clock + registers.tscAdjust;
            case IA32_EFER -> registers.efer;
            default -> VmxMsr.has(msr) ? VmxCapability.ALL.msr(msr) : msrs.read(msr);
        };
    }

    /** LMA is no software's to change. */
    void write(int msr, long value) {
        switch (msr) {
            case IA32_TIME_STAMP_COUNTER -> registers.tscAdjust = value - clock;
            case IA32_EFER -> registers.efer = value & ~Registers.EFER_LMA | registers.efer & Registers.EFER_LMA;
            default -> msrs.write(msr, value);
        }
    }
}
