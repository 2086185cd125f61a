package hvsim.vmm.kernel;

/** How the kernel talks to its local APICs (x2APIC mode), and the vectors it uses: those of Linux 6 (assumed). */
final class Interrupts {
    /** The local APIC's timer. */
    static final int TICK_VECTOR = 0xEC;

    /** Another virtual processor asks for something. */
    static final int CALL_VECTOR = 0xFC;

    /** System calls by INT. */
    static final int SYSTEM_CALL_VECTOR = 0x80;

    // Intel SDM vol. 3 (325384-059US), table 10-6; vol. 4 for IA32_TSC_DEADLINE
    private static final int EOI = 0x80B;
    private static final int ICR = 0x830;
    private static final int LVT_TIMER = 0x832;
    private static final int TSC_DEADLINE = 0x6E0;
    private static final int TSC_DEADLINE_MODE = 2 << 17;
    private static final int DESTINATION_SHIFT = 32;

    private Interrupts() {}

    /** To the local APIC whose x2APIC ID is the virtual processor's number. */
    static void send(KernelCode code, int vcpu, int vector) {
        code.writeMsr(ICR, (long) vcpu << DESTINATION_SHIFT | vector);
    }

    static void end(KernelCode code) {
        code.writeMsr(EOI, 0);
    }

    static void startTimer(KernelCode code) {
        code.writeMsr(LVT_TIMER, TSC_DEADLINE_MODE | TICK_VECTOR);
    }

    static void setDeadline(KernelCode code, long tsc) {
        code.writeMsr(TSC_DEADLINE, tsc);
    }
}
