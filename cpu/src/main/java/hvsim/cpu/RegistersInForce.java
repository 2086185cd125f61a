package hvsim.cpu;

import hvsim.cpu.state.HostState;
import hvsim.cpu.state.Registers;
import hvsim.tlb.Snapshot;

/**
 * The processor's own registers while a deprivileged guest runs: they are the hypervisor's.
 *
 * <pre>
 *   RFLAGS   IF 1, IOPL 0, all else the guest's
 *   CR4      the hypervisor's, and of the guest's bits those that only add to what it may name
 *   XCR0     the guest's
 * </pre>
 */
final class RegistersInForce {
    /** Flags that the guest believes in, and that the processor does not have. */
    private static final long KEPT_FLAGS = Registers.RFLAGS_IF
            | Registers.RFLAGS_IOPL
            | Registers.RFLAGS_VIF
            | Registers.RFLAGS_VIP
            | Registers.RFLAGS_VM;

    /** What the hypervisor grants as the guest has it: nothing of it weakens the hypervisor. */
    private static final long GRANTED_CR4 =
            Registers.CR4_OSXSAVE | Registers.CR4_FSGSBASE | Registers.CR4_UMIP | Registers.CR4_TSD;

    private final Registers inForce;
    private long hostCr4;

    RegistersInForce(Registers inForce) {
        this.inForce = inForce;
    }

    void start(HostState host) {
        host.load(inForce);
        hostCr4 = host.cr4();
    }

    long cr3() {
        return inForce.cr3;
    }

    long cr4() {
        return inForce.cr4;
    }

    /** The guest goes on. */
    void enter(Registers guest) {
        giveFlags(guest);
        inForce.cr4 = hostCr4 | guest.cr4 & GRANTED_CR4;
        inForce.xcr0 = guest.xcr0;
    }

    /** The guest's flags are what the processor has, but for those that it only believes in. */
    void takeFlags(Registers guest) {
        guest.rflags = guest.rflags & KEPT_FLAGS | inForce.rflags & ~KEPT_FLAGS;
    }

    void giveFlags(Registers guest) {
        inForce.rflags = guest.rflags & ~KEPT_FLAGS | Registers.RFLAGS_IF;
    }

    /** IRET at the end of a handler has loaded what its frame has of the flags that the processor lets it change. */
    void loadFlagsOfFrame(Registers guest) {
        inForce.rflags = guest.rflags & ~KEPT_FLAGS | inForce.rflags & KEPT_FLAGS;
    }

    void transfer(Snapshot snapshot) {
        hostCr4 = snapshot.transfer(hostCr4);
    }
}
