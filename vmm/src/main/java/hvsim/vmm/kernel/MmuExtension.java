package hvsim.vmm.kernel;

import java.util.List;

/**
 * The argument of HYPERVISOR_mmuext_op, where no instruction stands for it.
 *
 * <p>Names and numbers: xen/include/public/xen.h of Xen 4, MMUEXT_*.
 */
public enum MmuExtension {
    PIN_L3_TABLE(2),
    PIN_L4_TABLE(3),
    UNPIN_TABLE(4),
    CLEAR_PAGE(16);

    private static final List<MmuExtension> ALL = List.of(values());

    private final int number;

    MmuExtension(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** @throws IllegalArgumentException if there is no such operation */
    public static MmuExtension byNumber(long number) {
        return ALL.stream()
                .filter(operation -> operation.number == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no extended operation has the number " + number));
    }
}
