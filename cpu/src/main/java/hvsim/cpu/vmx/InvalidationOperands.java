package hvsim.cpu.vmx;

import hvsim.ept.EptPointer;
import hvsim.ept.EptVpidCapability;

/**
 * Which operands INVEPT and INVVPID take.
 *
 * <p>Source: Intel SDM vol. 3 (325384-059US), 30.3: INVEPT, INVVPID.
 */
public final class InvalidationOperands {
    private static final long VPID = 0xFFFF;

    private InvalidationOperands() {}

    /** Type 1 needs an EPT pointer that a VM entry would take; type 2 takes no operand. */
    public static boolean isValidInvept(long type, long eptp, VmxCapability capability) {
        if (type == 1) {
            return has(EptVpidCapability.INVEPT_SINGLE_CONTEXT, capability)
                    && EptPointer.isValid(eptp, capability.paging());
        }
        return type == 2 && has(EptVpidCapability.INVEPT_ALL_CONTEXTS, capability);
    }

    /**
     * Type 0 needs a VPID and a canonical address, 1 and 3 a VPID, 2 nothing.
     *
     * @param low of the descriptor: the VPID, and zeros above it
     */
    public static boolean isValidInvvpid(long type, long low, long address, VmxCapability capability) {
        if (type < 0 || type > 3 || !has(EptVpidCapability.INVVPID_ADDRESS << type, capability) || (low & ~VPID) != 0) {
            return false;
        }
        return (type == 2 || low != 0) && (type != 0 || capability.isCanonical(address));
    }

    private static boolean has(long bit, VmxCapability capability) {
        return (capability.paging().eptVpidCap() & bit) != 0;
    }
}
