package hvsim.vmm.kernel;

import hvsim.cpu.instruction.Instruction;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;

/**
 * What a hostile kernel does to get what is not its own. Each virtual processor has a page of the kernel's addresses
 * whose table entry it forges, again and again; natively a forged entry leads to whatever memory has the address.
 */
final class HostileActs {
    private static final int FRAME_SHIFT = PageSize.SIZE_4K.shift();

    /** Spreads the numbers that are tried over all there are: 2^32 divided by the golden ratio. */
    private static final long STEP = 2_654_435_769L;

    private final long guestBytes;
    private final KernelImage image;
    private final long[] attempts;

    HostileActs(long guestBytes, KernelImage image, int vcpus) {
        this.guestBytes = guestBytes;
        this.image = image;
        this.attempts = new long[vcpus];
    }

    /** Frames of all numbers that a machine of the size of its own memory has: machine frames, if the number is taken for one. */
    void mapForeignFrame(int vcpu, KernelCode code) {
        long frames = guestBytes >>> FRAME_SHIFT;
        readThrough(vcpu, attempts[vcpu]++ * STEP % frames << FRAME_SHIFT, code);
    }

    void mapBeyondMemory(int vcpu, KernelCode code) {
        readThrough(vcpu, guestBytes + (attempts[vcpu]++ << FRAME_SHIFT), code);
    }

    private void readThrough(int vcpu, long address, KernelCode code) {
        boolean made = image.forge(vcpu, address);
        code.forgeEntry(image.forgedEntry(vcpu), made).invalidate(image.forged(vcpu));
        code.settle();
        code.read(image.forged(vcpu));
    }

    /** Whether a forged entry was to lead somewhere from there: nothing else is ever mapped at the address. */
    boolean isForged(long gva) {
        long vcpu = image.forgedPage(gva);
        return vcpu >= 0 && vcpu < attempts.length && attempts[(int) vcpu] > 0;
    }

    static void keepInterruptsOff(long cycles, KernelCode code) {
        code.instruction(Instruction.CLI).work(cycles).instruction(Instruction.STI);
    }

    void transfer(Snapshot snapshot) {
        snapshot.transfer(attempts);
    }
}
