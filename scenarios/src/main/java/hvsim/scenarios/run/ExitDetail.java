package hvsim.scenarios.run;

import hvsim.cpu.ExitCounts;
import hvsim.cpu.vmx.ExitReason;
import hvsim.vmm.memory.shadow.ShadowMemory;
import java.util.Locale;

/**
 * Names for what was accessed: {@code cr3:W}, {@code 0x71:PIN} and {@code 0x71:POUT}, {@code 0x6e0:R}, {@code 14}
 * for an exception's vector, {@code 14:hidden} for what shadow paging found a page fault to be. As the processor packs them, bit 0 is a write (or OUT), and above it is the register, port
 * or MSR; an exception has its vector alone.
 */
final class ExitDetail {
    private ExitDetail() {}

    private static String exception(int detail) {
        int vector = detail & (1 << ExitCounts.KIND_SHIFT) - 1;
        int kind = detail >>> ExitCounts.KIND_SHIFT;
        return kind == 0
                ? Integer.toString(vector)
                : vector + ":" + ShadowMemory.Fault.byNumber(kind).name().toLowerCase(Locale.ROOT);
    }

    static String name(ExitReason reason, long detail) {
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
