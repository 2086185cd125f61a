package hvsim.scenarios.file;

/** {@code machine.features}: what the silicon can do. What a hypervisor uses of it is {@code hypervisor.features}. */
public enum MachineFeature implements Choice {
    /** A second stage of page tables: EPT, or AMD's NPT. */
    EPT("ept"),
    /** TLB entries that carry the VM's number: VPID, or AMD's ASID. */
    VPID("vpid"),
    /** Accessed and dirty flags in the second stage; in NPT they cannot be switched off. */
    EPT_ACCESSED_DIRTY("ept_accessed_dirty"),
    /** Guests in real-address mode, with nested paging; in SVM they may be in it always. */
    UNRESTRICTED_GUEST("unrestricted_guest"),
    /** The VMX-preemption timer; SVM has none. */
    PREEMPTION_TIMER("preemption_timer"),
    /** A task-priority register that a guest reads and writes without an exit. */
    TPR_SHADOW("tpr_shadow"),
    /** Virtual-interrupt delivery and APIC-register virtualization, or AMD's AVIC. */
    VIRTUAL_INTERRUPTS("virtual_interrupts"),
    /** Interrupts that reach a running guest without an exit. */
    POSTED_INTERRUPTS("posted_interrupts"),
    /** Interrupts that guests send to each other's processors without an exit. */
    IPI_VIRTUALIZATION("ipi_virtualization"),
    /** An exit when a guest spins: PAUSE-loop exiting, or AMD's PAUSE filter. */
    PAUSE_LOOP_EXITING("pause_loop_exiting"),
    /** VMREAD and VMWRITE of a guest's hypervisor without an exit. */
    VMCS_SHADOWING("vmcs_shadowing"),
    /** Process-context identifiers: TLB entries survive MOV to CR3. */
    PCID("pcid"),
    /** Leaf entries of 1 GiB, in both stages. */
    PAGES_1GIB("pages_1gib"),
    /** Limits of data segments in 64-bit mode: EFER.LMSLE of AMD's processors up to Zen 2. */
    SEGMENT_LIMITS("segment_limits", false);

    private final String word;
    private final boolean common;

    MachineFeature(String word) {
        this(word, true);
    }

    MachineFeature(String word, boolean common) {
        this.word = word;
        this.common = common;
    }

    /** Whether a machine has it of which nothing is said. */
    boolean isCommon() {
        return common;
    }

    @Override
    public String word() {
        return word;
    }
}
