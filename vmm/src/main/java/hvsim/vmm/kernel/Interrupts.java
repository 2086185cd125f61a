package hvsim.vmm.kernel;

/** The vectors that the kernel uses: those of Linux 6 (assumed). */
public final class Interrupts {
    /** The hypervisor has something to tell: HYPERVISOR_CALLBACK_VECTOR. */
    public static final int EVENT_VECTOR = 0xF3;

    /** Of device 0; those of the others follow: beyond ISA_IRQ_VECTOR(15). */
    public static final int FIRST_DEVICE_VECTOR = 0x40;

    /** The local APIC's timer. */
    static final int TICK_VECTOR = 0xEC;

    /** Another virtual processor asks for something. */
    static final int CALL_VECTOR = 0xFC;

    /** System calls by INT. */
    public static final int SYSTEM_CALL_VECTOR = 0x80;

    private Interrupts() {}
}
