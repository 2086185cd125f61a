package hvsim.ept;

import java.util.SplittableRandom;

/** What random tables are like: the registers that shape the guest's, the second stage's controls, the processor. */
record Shape(
        Registers registers,
        PagingCapability can,
        boolean nested,
        int eptLevels,
        boolean accessedDirty,
        boolean modeBasedExecute,
        boolean logs) {
    static Shape of(PagingMode mode, boolean nested, boolean accessedDirty) {
        return new Shape(Registers.of(mode), PagingCapability.ALL, nested, 4, accessedDirty, false, false);
    }

    /** Of that mode, with all else at random; what a processor is mostly without is seldom. */
    static Shape random(PagingMode mode, SplittableRandom random) {
        Registers usual = Registers.of(mode);
        long cr4 = usual.cr4() ^ seldom(random, Registers.PSE) ^ seldom(random, Registers.PGE);
        Registers registers = new Registers(usual.cr0(), cr4, usual.efer() ^ seldom(random, Registers.NXE), 0, 0);
        long vpidCap = EptVpidCapability.ALL
                ^ seldom(random, EptVpidCapability.EXECUTE_ONLY)
                ^ seldom(random, EptVpidCapability.PAGES_2M)
                ^ seldom(random, EptVpidCapability.PAGES_1G)
                ^ seldom(random, EptVpidCapability.ADVANCED_VIOLATION_INFORMATION);
        int width = 36 + (random.nextInt(6) == 0 ? random.nextInt(17) : random.nextInt(11));
        PagingCapability can = new PagingCapability(width, random.nextInt(4) > 0, vpidCap);
        boolean nested = random.nextInt(5) > 0;
        boolean accessedDirty = nested && random.nextBoolean();
        int levels = random.nextInt(3) == 0 ? 5 : 4;
        boolean logs = accessedDirty && random.nextInt(3) > 0;
        return new Shape(registers, can, nested, levels, accessedDirty, nested && random.nextInt(3) == 0, logs);
    }

    private static long seldom(SplittableRandom random, long bit) {
        return random.nextInt(5) == 0 ? bit : 0;
    }

    PagingMode mode() {
        return registers.mode();
    }

    NaiveFormat format() {
        return new NaiveFormat(registers, can.physicalAddressBits(), can.guestPages1G());
    }

    boolean mayBeGuestLeaf(int level) {
        return switch (level) {
            case 2 -> mode() != PagingMode.TWO_LEVEL || registers.cr4Has(Registers.PSE);
            case 3 -> can.guestPages1G();
            default -> false;
        };
    }

    boolean mayBeEptLeaf(int level) {
        long pages = level == 2 ? EptVpidCapability.PAGES_2M : level == 3 ? EptVpidCapability.PAGES_1G : 0;
        return (can.eptVpidCap() & pages) != 0;
    }
}
