package hvsim.cpu;

/**
 * Bits of the VM-execution, VM-exit and VM-entry controls.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), tables 24-5 to 24-7, 24-10 and 24-12.
 */
public enum VmxControl {
    EXTERNAL_INTERRUPT_EXITING(VmcsField.PIN_BASED_CONTROLS, 0),
    ACTIVATE_PREEMPTION_TIMER(VmcsField.PIN_BASED_CONTROLS, 6),
    HLT_EXITING(VmcsField.PRIMARY_CONTROLS, 7),
    INVLPG_EXITING(VmcsField.PRIMARY_CONTROLS, 9),
    RDTSC_EXITING(VmcsField.PRIMARY_CONTROLS, 12),
    CR3_LOAD_EXITING(VmcsField.PRIMARY_CONTROLS, 15),
    CR3_STORE_EXITING(VmcsField.PRIMARY_CONTROLS, 16),
    UNCONDITIONAL_IO_EXITING(VmcsField.PRIMARY_CONTROLS, 24),
    USE_IO_BITMAPS(VmcsField.PRIMARY_CONTROLS, 25),
    USE_MSR_BITMAPS(VmcsField.PRIMARY_CONTROLS, 28),
    PAUSE_EXITING(VmcsField.PRIMARY_CONTROLS, 30),
    ACTIVATE_SECONDARY_CONTROLS(VmcsField.PRIMARY_CONTROLS, 31),
    ENABLE_EPT(VmcsField.SECONDARY_CONTROLS, 1),
    ENABLE_VPID(VmcsField.SECONDARY_CONTROLS, 5),
    HOST_ADDRESS_SPACE_SIZE(VmcsField.EXIT_CONTROLS, 9),
    ACKNOWLEDGE_INTERRUPT_ON_EXIT(VmcsField.EXIT_CONTROLS, 15),
    SAVE_PREEMPTION_TIMER_VALUE(VmcsField.EXIT_CONTROLS, 22),
    IA32E_MODE_GUEST(VmcsField.ENTRY_CONTROLS, 9);

    private final VmcsField word;
    private final int bit;

    VmxControl(VmcsField word, int bit) {
        this.word = word;
        this.bit = bit;
    }

    VmcsField word() {
        return word;
    }

    long mask() {
        return 1L << bit;
    }
}
