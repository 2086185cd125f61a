package hvsim.cpu.instruction;

import hvsim.cpu.vmx.VmcsField;

/** Guest/host masks, read shadows and CR3 targets, a bit at a time (SDM vol. 3, 24.6.6, 24.6.7, 25.1.3, 25.3). */
final class NaiveMasks {
    private static final VmcsField[] CR3_TARGETS = {
        VmcsField.CR3_TARGET_VALUE0,
        VmcsField.CR3_TARGET_VALUE1,
        VmcsField.CR3_TARGET_VALUE2,
        VmcsField.CR3_TARGET_VALUE3
    };

    private NaiveMasks() {}

    static boolean movToCr0Exits(NaiveState s) {
        return touchesHostBit(s, VmcsField.CR0_GUEST_HOST_MASK, VmcsField.CR0_READ_SHADOW);
    }

    static boolean movToCr4Exits(NaiveState s) {
        return touchesHostBit(s, VmcsField.CR4_GUEST_HOST_MASK, VmcsField.CR4_READ_SHADOW);
    }

    private static boolean touchesHostBit(NaiveState s, VmcsField mask, VmcsField shadow) {
        for (int n = 0; n < 64; n++) {
            boolean differs = NaiveState.bit(s.o.value(), n) != NaiveState.bit(s.field(shadow), n);
            if (differs && NaiveState.bit(s.field(mask), n) == 1) {
                return true;
            }
        }
        return false;
    }

    static boolean cltsExits(NaiveState s) {
        return isSet(s, VmcsField.CR0_GUEST_HOST_MASK, 3) && isSet(s, VmcsField.CR0_READ_SHADOW, 3);
    }

    static boolean lmswExits(NaiveState s) {
        int source = LmswOperand.unpack((int) s.o.operand()).source();
        for (int n = 0; n < 4; n++) {
            boolean masked = isSet(s, VmcsField.CR0_GUEST_HOST_MASK, n);
            boolean shadow = isSet(s, VmcsField.CR0_READ_SHADOW, n);
            boolean wanted = NaiveState.bit(source, n) == 1;
            if (masked && wanted != shadow && (n > 0 || wanted)) { // LMSW cannot clear PE
                return true;
            }
        }
        return false;
    }

    static boolean movToCr3Exits(NaiveState s) {
        for (int n = 0; n < s.field(VmcsField.CR3_TARGET_COUNT); n++) {
            if (s.field(CR3_TARGETS[n]) == s.o.value()) {
                return false;
            }
        }
        return s.primary(15);
    }

    private static boolean isSet(NaiveState s, VmcsField field, int bit) {
        return NaiveState.bit(s.field(field), bit) == 1;
    }

    /** What a MOV leaves in a control register: bits of the mask stay. */
    static long result(NaiveState s, long now, VmcsField mask) {
        long result = 0;
        for (int n = 0; n < 64; n++) {
            boolean stays = s.nonRoot && isSet(s, mask, n);
            result |= (long) NaiveState.bit(stays ? now : s.o.value(), n) << n;
        }
        return result;
    }
}
