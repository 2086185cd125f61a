package hvsim.vmm.cpu.translation;

/** Why translated code calls out, where it is neither for an instruction nor for a write to a protected page. */
public enum Callout {
    /** The kernel's code at some address is not translated yet. */
    TRANSLATE(16),
    /** Something waits for the guest's kernel: an interrupt that it has just let in, the end of a single step. */
    EVENT(17);

    private final int number;

    Callout(int number) {
        this.number = number;
    }

    /** Beyond those of what a page fault turned out to be. */
    public int number() {
        return number;
    }

    /** Whether it is one of these numbers. */
    public static boolean has(int number) {
        return number >= TRANSLATE.number && number <= EVENT.number;
    }

    public static Callout byNumber(int number) {
        return values()[number - TRANSLATE.number];
    }
}
