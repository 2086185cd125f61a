package hvsim.cpu.event;

import hvsim.cpu.state.ExceptionVector;

/** What an exception does to the delivery of another event (SDM vol. 3, table 6-4; #VE and #CP as in later ones). */
enum Severity {
    BENIGN,
    CONTRIBUTORY,
    PAGE_FAULT,
    DOUBLE_FAULT;

    static Severity of(ExceptionVector exception) {
        return switch (exception) {
            case DIVIDE_ERROR, INVALID_TSS, SEGMENT_NOT_PRESENT, STACK_FAULT, GENERAL_PROTECTION, CONTROL_PROTECTION ->
                CONTRIBUTORY;
            case PAGE_FAULT, VIRTUALIZATION -> PAGE_FAULT;
            case DOUBLE_FAULT -> DOUBLE_FAULT;
            case DEBUG,
                    NON_MASKABLE_INTERRUPT,
                    BREAKPOINT,
                    OVERFLOW,
                    BOUND_RANGE,
                    INVALID_OPCODE,
                    DEVICE_NOT_AVAILABLE,
                    X87_ERROR,
                    ALIGNMENT_CHECK,
                    MACHINE_CHECK,
                    SIMD_ERROR -> BENIGN;
        };
    }
}
