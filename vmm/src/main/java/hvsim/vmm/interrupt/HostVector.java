package hvsim.vmm.interrupt;

import org.jspecify.annotations.Nullable;

/** Vectors that the hypervisor uses on the machine's own cores: those of Linux 6 (arch/x86 irq_vectors.h). */
public enum HostVector {
    /** The local APIC's timer: the end of a slice, or a guest's deadline. */
    TIMER(0xEC),
    /** Interrupts are posted for a virtual processor that waits, blocked by HLT. */
    WAKE_UP(0xF1),
    /** Interrupts are posted for the virtual processor that runs: the hardware takes it. */
    NOTIFICATION(0xF2),
    /** Another core has something for the virtual processor that runs here. */
    RESCHEDULE(0xFD);

    private final int number;

    HostVector(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** The one with that number, or null. */
    static @Nullable HostVector byNumber(int number) {
        for (HostVector vector : values()) {
            if (vector.number == number) {
                return vector;
            }
        }
        return null;
    }
}
