package hvsim.ept;

/**
 * What a processor's paging can do.
 *
 * @param physicalAddressBits MAXPHYADDR: bits of table entries above it are reserved; 36 to 52
 * @param guestPages1G CPUID.80000001H:EDX[26]: guests' tables have 1 GiB pages
 * @param eptVpidCap IA32_VMX_EPT_VPID_CAP, as {@link EptVpidCapability} reads it
 */
public record PagingCapability(int physicalAddressBits, boolean guestPages1G, long eptVpidCap) {
    /** All that the model has. */
    public static final PagingCapability ALL =
            new PagingCapability(PhysicalMemory.ADDRESS_BITS, true, EptVpidCapability.ALL);

    public PagingCapability {
        if (physicalAddressBits < 32 || physicalAddressBits > 52) {
            throw new IllegalArgumentException(physicalAddressBits + " physical-address bits; 32 to 52 are possible");
        }
    }

    /** Whether IA32_VMX_EPT_VPID_CAP has all of the bits. */
    public boolean has(long eptVpidCapBits) {
        return (eptVpidCap & eptVpidCapBits) == eptVpidCapBits;
    }

    /** Bits 51:M of a table entry, which are reserved. */
    long aboveWidth() {
        return GuestEntry.ADDRESS & -(1L << physicalAddressBits);
    }
}
