package hvsim.scenarios.run;

import hvsim.cpu.vmx.ExitReason;

/**
 * Names for what was accessed: {@code cr3:W}, {@code 0x71:PIN} and {@code 0x71:POUT}, {@code 0x6e0:R}, {@code 14}
 * for an exception's vector. As the processor packs them, bit 0 is a write (or OUT), and above it is the register, port
 * or MSR; an exception has its vector alone.
 */
final class ExitDetail {
    private ExitDetail() {}

    static String name(ExitReason reason, long detail) {
        boolean write = (detail & 1) != 0;
        String hex = "0x" + Long.toHexString(detail >>> 1);
        return switch (reason) {
            case CR_ACCESS -> "cr" + (detail >>> 1) + (write ? ":W" : ":R");
            case IO_INSTRUCTION -> hex + (write ? ":POUT" : ":PIN");
            case MSR_READ, MSR_WRITE -> hex + (write ? ":W" : ":R");
            default -> Long.toString(detail);
        };
    }
}
