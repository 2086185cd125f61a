package hvsim.scenarios.run;

import hvsim.cpu.ExitCounts;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Passage;
import hvsim.cpu.vmx.ExitReason;
import hvsim.vmm.cpu.deprivileged.Paravirtual;
import hvsim.vmm.cpu.translation.Callout;
import hvsim.vmm.memory.shadow.ShadowMemory;
import java.util.Locale;

/**
 * Names for what was accessed: {@code cr3:W}, {@code 0x71:PIN} and {@code 0x71:POUT}, {@code 0x6e0:R}, {@code 14}
 * for an exception's vector, {@code 14:hidden} for what shadow paging found a page fault to be. As the processor packs them, bit 0 is a write (or OUT), and above it is the register, port
 * or MSR; an exception has its vector alone. A trap has its instruction: {@code cli}, a
 * page fault {@code hidden}, a hypercall its name, and a callout one of the first two, or {@code translate}.
 */
final class ExitDetail {
    private ExitDetail() {}

    private static String exception(int detail) {
        int vector = detail & (1 << ExitCounts.KIND_SHIFT) - 1;
        int kind = detail >>> ExitCounts.KIND_SHIFT;
        return kind == 0 ? Integer.toString(vector) : vector + ":" + faultOf(kind);
    }

    static String name(Passage reason, long detail) {
        return reason instanceof TrapReason trap ? nameOf(trap, (int) detail) : nameOf((ExitReason) reason, detail);
    }

    /** Of a page fault what it was found to be, of a hypercall its name, of others the instruction; of a callout may be why it was made. */
    private static String nameOf(TrapReason reason, int detail) {
        int kind = detail >>> ExitCounts.KIND_SHIFT;
        if (reason == TrapReason.HYPERCALL) {
            return Paravirtual.callOf(kind).name().toLowerCase(Locale.ROOT);
        }
        if (reason == TrapReason.CALLOUT && Callout.has(kind)) {
            return Callout.byNumber(kind).name().toLowerCase(Locale.ROOT);
        }
        return kind == 0 ? Instruction.byNumber(detail).mnemonic() : faultOf(kind);
    }

    private static String faultOf(int kind) {
        return ShadowMemory.Fault.byNumber(kind).name().toLowerCase(Locale.ROOT);
    }

    private static String nameOf(ExitReason reason, long detail) {
        boolean write = (detail & 1) != 0;
        String hex = "0x" + Long.toHexString(detail >>> 1);
        return switch (reason) {
            case CR_ACCESS -> "cr" + (detail >>> 1) + (write ? ":W" : ":R");
            case IO_INSTRUCTION -> hex + (write ? ":POUT" : ":PIN");
            case MSR_READ, MSR_WRITE -> hex + (write ? ":W" : ":R");
            case EXCEPTION_NMI -> exception((int) detail);
            default -> Long.toString(detail);
        };
    }
}
