package hvsim.cpu;

import hvsim.cpu.instruction.Operation;
import hvsim.cpu.instruction.Processor;
import hvsim.cpu.state.Interruptibility;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.VmxControl;

/**
 * What instructions do to RFLAGS and to what holds interrupts back.
 *
 * <p>Source: Intel SDM vol. 2 (325383-059US), CLI, IRET, POPF (table 4-15), PUSHF, STI; vol. 3, 25.3.
 */
final class FlagEffects {
    private static final int VIRTUAL_8086_CPL = 3;
    private static final long ALWAYS_SET = 2;
    private static final long STATUS_FLAGS = 0xCD5;

    /** What POPF may change at every privilege: status flags, TF, NT, AC, ID. */
    private static final long UNPRIVILEGED =
            STATUS_FLAGS | Registers.RFLAGS_TF | Registers.RFLAGS_NT | Registers.RFLAGS_AC | Registers.RFLAGS_ID;

    private static final long LOW_WORD = 0xFFFF;

    private FlagEffects() {}

    static void perform(Operation o, Processor p, Vcpu vcpu) {
        Registers r = p.registers();
        switch (o.instruction()) {
            case PUSHF -> vcpu.observe(o.instruction(), image(r) & LOW_WORD);
            case PUSHFD, PUSHFQ -> vcpu.observe(o.instruction(), image(r));
            case POPF -> load(o.value(), LOW_WORD, p);
            case POPFD, POPFQ -> load(o.value(), -1, p);
            case IRET -> {
                load(o.value(), -1, p);
                unblockNmis(p);
            }
            case CLI -> setInterruptFlag(false, p);
            case STI -> setInterruptFlag(true, p);
            default -> throw new IllegalArgumentException(o.instruction() + " concerns no flags");
        }
    }

    /** VM and RF are pushed as 0. */
    private static long image(Registers r) {
        return r.rflags & ~(Registers.RFLAGS_VM | Registers.RFLAGS_RF) | ALWAYS_SET;
    }

    private static int cpl(Processor p) {
        return p.registers().isVirtual8086() ? VIRTUAL_8086_CPL : p.cpl();
    }

    private static void load(long image, long width, Processor p) {
        Registers r = p.registers();
        long writable = UNPRIVILEGED
                | (cpl(p) <= r.iopl() ? Registers.RFLAGS_IF : 0)
                | (p.cpl() == 0 ? Registers.RFLAGS_IOPL : 0);
        long changes = writable & width;
        r.rflags = r.rflags & ~changes & ~Registers.RFLAGS_RF | image & changes | ALWAYS_SET;
    }

    private static void setInterruptFlag(boolean on, Processor p) {
        Registers r = p.registers();
        boolean real = !r.isProtectedMode() || cpl(p) <= r.iopl();
        long flag = real ? Registers.RFLAGS_IF : Registers.RFLAGS_VIF;
        boolean was = (r.rflags & flag) != 0;
        r.rflags = on ? r.rflags | flag : r.rflags & ~flag;
        if (on && real && !was) {
            r.interruptibility |= Interruptibility.BY_STI;
        }
    }

    /** With "NMI exiting" IRET leaves NMIs blocked, unless it is virtual NMIs that are. */
    private static void unblockNmis(Processor p) {
        boolean unblocks = p.mode() != Processor.Mode.NON_ROOT
                || !p.vmcs().has(VmxControl.NMI_EXITING)
                || p.vmcs().has(VmxControl.VIRTUAL_NMIS);
        p.registers().interruptibility &= unblocks ? ~Interruptibility.BY_NMI : -1;
    }
}
