package hvsim.cpu;

import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.instruction.Operation;
import hvsim.cpu.instruction.Processor;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import hvsim.cpu.vmx.VmxCapability;
import hvsim.cpu.vmx.VmxControl;
import hvsim.cpu.vmx.VmxMsr;

/**
 * Model-specific registers and the clocks: what reads give, and what writes change. Time is the core's clock, and
 * enters what a guest observes by kind only.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 17.15, 25.3 (TSC offsetting and scaling); vol. 2 of each instruction.
 */
final class MsrEffects {
    static final int IA32_TIME_STAMP_COUNTER = 0x10;
    static final int IA32_EFER = 0xC000_0080;
    static final int GS_BASE = 0xC000_0101;
    static final int KERNEL_GS_BASE = 0xC000_0102;
    static final int IA32_TSC_AUX = 0xC000_0103;

    private static final int SCALE_SHIFT = 48;
    private static final int TPR_CLASS_SHIFT = 4;
    private static final long LOW_HALF = 0xFFFF_FFFFL;

    private final Core core;
    private final GuestSpace space;

    MsrEffects(Core core, GuestSpace space) {
        this.core = core;
        this.space = space;
    }

    void perform(Operation o, Processor p) {
        Vcpu vcpu = core.vcpu();
        switch (o.instruction()) {
            case RDMSR, RDMSR_IMMEDIATE, RDMSRLIST -> read(o, p);
            case WRMSR, WRMSRNS, WRMSRNS_IMMEDIATE, WRMSRLIST -> write((int) o.operand(), o.value(), p);
            case RDTSC, RDTSCP -> readTime(o, p);
            case RDPID -> vcpu.observe(o.instruction(), vcpu.msrs().read(IA32_TSC_AUX));
            case RDPMC, RDRAND, RDSEED -> vcpu.observe(o.instruction(), 0);
            case SWAPGS -> {
                long base = vcpu.msrs().read(GS_BASE);
                vcpu.msrs().write(GS_BASE, vcpu.msrs().read(KERNEL_GS_BASE));
                vcpu.msrs().write(KERNEL_GS_BASE, base);
            }
            default -> throw new IllegalArgumentException(o.instruction() + " concerns no MSR");
        }
    }

    private void read(Operation o, Processor p) {
        int msr = (int) o.operand();
        if (msr == IA32_TIME_STAMP_COUNTER) {
            readTime(o, p);
        } else if (ApicMsr.isTimed(msr)) {
            core.vcpu().observe(o.instruction(), 0);
            p.registers().rax = valueOf(msr, p.registers());
        } else {
            core.vcpu().observe(o.instruction(), valueOf(msr, p.registers()));
        }
    }

    private long valueOf(int msr, Registers r) {
        if (msr == IA32_EFER) {
            return r.efer;
        }
        if (core.mode().isNonRoot() && core.apic().readsMsr(msr)) {
            return core.apic().readMsr(msr);
        }
        if (isOfLocalApic(msr)) {
            return core.localApic().read(msr, core.clock());
        }
        return VmxMsr.has(msr) ? VmxCapability.ALL.msr(msr) : core.vcpu().msrs().read(msr);
    }

    /** LMA is no software's to change. */
    private void write(int msr, long value, Processor p) {
        Registers r = p.registers();
        switch (msr) {
            case IA32_TIME_STAMP_COUNTER -> r.tscAdjust = value - core.clock();
            case IA32_EFER -> {
                r.efer = value & ~Registers.EFER_LMA | r.efer & Registers.EFER_LMA;
                space.enter();
            }
            default -> {
                r.cr8 = msr == ApicMsr.TASK_PRIORITY ? value >>> TPR_CLASS_SHIFT : r.cr8;
                if (!core.mode().isNonRoot() || !core.apic().writeMsr(msr, value)) {
                    writePlain(msr, value, r);
                }
            }
        }
    }

    private void writePlain(int msr, long value, Registers r) {
        if (isOfLocalApic(msr)) {
            core.events().writeLocalApic(msr, value, r.tscAdjust);
        } else {
            core.vcpu().msrs().write(msr, value);
        }
    }

    /** A hypervisor that emulates its guest's instruction does not mean its own local APIC. */
    private boolean isOfLocalApic(int msr) {
        return core.mode().reachesLocalApic() && ApicMsr.has(msr);
    }

    private void readTime(Operation o, Processor p) {
        core.vcpu().observe(o.instruction(), 0);
        Registers r = p.registers();
        long tsc = timeOf(p);
        r.rax = tsc & LOW_HALF;
        r.rdx = tsc >>> 32;
    }

    /** The time-stamp counter as a program reads it: in non-root mode scaled, then with the offset added. */
    long timeOf(Processor p) {
        long tsc = core.clock() + p.registers().tscAdjust;
        Vmcs vmcs = p.vmcs();
        if (p.mode() != Processor.Mode.NON_ROOT || !vmcs.has(VmxControl.USE_TSC_OFFSETTING)) {
            return tsc;
        }
        return (vmcs.has(VmxControl.USE_TSC_SCALING) ? scale(tsc, vmcs.read(VmcsField.TSC_MULTIPLIER)) : tsc)
                + vmcs.read(VmcsField.TSC_OFFSET);
    }

    /** Bits 111:48 of the product of two unsigned numbers. */
    static long scale(long tsc, long multiplier) {
        long high = Math.multiplyHigh(tsc, multiplier) + (tsc >> 63 & multiplier) + (multiplier >> 63 & tsc);
        return high << Long.SIZE - SCALE_SHIFT | tsc * multiplier >>> SCALE_SHIFT;
    }
}
