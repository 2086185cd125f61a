package hvsim.scenarios.file;

/** How guest-virtual addresses become machine addresses. */
public enum MemoryTechnique implements Choice {
    /** One table. */
    NATIVE("native"),
    /** No tables: the hypervisor walks the guest's and its own map, and fills the TLB. */
    SOFTWARE_FILLED("software_filled"),
    /** Tables of the hypervisor's, in the place of the guest's. */
    SHADOW("shadow"),
    /** The guest's own, which it registers and the hypervisor writes for it. */
    DIRECT("direct"),
    /** The guest's table, and the second stage below it. */
    NESTED("nested");

    private final String word;

    MemoryTechnique(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
