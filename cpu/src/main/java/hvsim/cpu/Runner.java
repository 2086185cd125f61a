package hvsim.cpu;

/** Who executes on a core: whose its cycles and look-ups are. */
enum Runner {
    GUEST(false, CyclePart.GUEST_WORK),
    /** A hypervisor that is a guest itself. */
    GUEST_HYPERVISOR(true, CyclePart.HYPERVISOR),
    HYPERVISOR(true, CyclePart.HYPERVISOR),
    /** What the hypervisor's program has come to is what its host does. */
    HOST(true, CyclePart.HOST);

    private final boolean hypervisor;
    private final CyclePart own;

    Runner(boolean hypervisor, CyclePart own) {
        this.hypervisor = hypervisor;
        this.own = own;
    }

    boolean isHypervisor() {
        return hypervisor;
    }

    /** What its time counts as that is spent on {@code part}: a hypervisor's is not told apart further. */
    CyclePart countedAs(CyclePart part) {
        boolean isNobodys = part == CyclePart.TRANSITIONS || part == CyclePart.IDLE;
        return this == GUEST || isNobodys ? part : own;
    }
}
