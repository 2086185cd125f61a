package hvsim.cpu;

/**
 * Where a hypervisor runs the kernels of guests that it deprivileges; their users have CPL 3 in any case.
 *
 * <pre>
 *   CPL 3   out of the kernel's reach is what no user page maps: U/S keeps the hypervisor's pages, and the user's
 *           tables lack the kernel's
 *   CPL 1   U/S counts it as supervisor: kernel and user share tables, and segments end below the hypervisor
 *
 *   0                       segmentLimit                top
 *   +--- user --- guest's kernel ---+---- hypervisor ----+
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 4.6, 5.3 and 5.5.
 *
 * @param kernelCpl 1 or 3
 * @param segmentLimit the last address, of the low {@value GuestOp#SIZE_SHIFT} bits, that the guest's data segments reach
 * @param codeLimit the same of its code segments
 */
public record GuestRing(int kernelCpl, long segmentLimit, long codeLimit) {
    static final long NO_LIMIT = GuestOp.GVA_MASK;
    private static final int USER = 3;

    /** As 64-bit kernels run, whose segments have no limits. */
    public static final GuestRing WITH_USER = new GuestRing(USER, NO_LIMIT, NO_LIMIT);

    public GuestRing {
        if (kernelCpl != 1 && kernelCpl != USER) {
            throw new IllegalArgumentException("a guest's kernel at CPL " + kernelCpl);
        }
        if (segmentLimit < 0 || segmentLimit > codeLimit || codeLimit > NO_LIMIT) {
            throw new IllegalArgumentException("a segment up to " + segmentLimit);
        }
        if (kernelCpl != USER && segmentLimit == NO_LIMIT) {
            throw new IllegalArgumentException("at CPL " + kernelCpl + " the hypervisor's pages are within reach");
        }
    }

    /** Ring compression: behind a segment limit at CPL 1. */
    public static GuestRing behind(long segmentLimit) {
        return new GuestRing(1, segmentLimit, segmentLimit);
    }

    /** The same, but what runs there is the hypervisor's own code, which it has made from the guest's. */
    public static GuestRing translated(long segmentLimit) {
        return new GuestRing(1, segmentLimit, NO_LIMIT);
    }

    /** The privilege in force for code that believes to have {@code believedCpl}. */
    int cplOf(int believedCpl) {
        return Math.max(believedCpl, kernelCpl);
    }

    /** Whether all of the guest has one privilege, so that the tables in force have to tell kernel and user apart. */
    public boolean needsTwoRoots() {
        return kernelCpl == USER;
    }
}
