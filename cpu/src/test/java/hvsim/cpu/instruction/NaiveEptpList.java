package hvsim.cpu.instruction;

import hvsim.cpu.vmx.VmcsField;

/** Whether VMFUNC 0 switches EPTPs (SDM vol. 3, 25.5.5.3); the processor has 5-level EPT and accessed flags. */
final class NaiveEptpList {
    private NaiveEptpList() {}

    static boolean switches(NaiveState s) {
        boolean enabled = NaiveState.bit(s.field(VmcsField.VM_FUNCTION_CONTROLS), 0) == 1;
        long index = s.o.value() & 0xFFFF_FFFFL;
        return s.o.operand() == 0
                && enabled
                && index < 512
                && isValid(s.p.memory().read(s.field(VmcsField.EPTP_LIST_ADDRESS) + 8 * index));
    }

    private static boolean isValid(long eptp) {
        long type = eptp & 7;
        long levels = (eptp >>> 3 & 7) + 1;
        return (type == 0 || type == 6) && (levels == 4 || levels == 5) && (eptp & 0xF00) == 0 && eptp >>> 46 == 0;
    }
}
