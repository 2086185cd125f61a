package hvsim.vmm.kernel;

/** The vectors that the kernel uses: those of Linux 6 (assumed). */
final class Interrupts {
    /** The local APIC's timer. */
    static final int TICK_VECTOR = 0xEC;

    /** Another virtual processor asks for something. */
    static final int CALL_VECTOR = 0xFC;

    /** System calls by INT. */
    static final int SYSTEM_CALL_VECTOR = 0x80;

    private Interrupts() {}
}
