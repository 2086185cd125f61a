package hvsim.scenarios.cpuid;

import java.util.Set;

/** Which preset a processor comes nearest to, by family and model. */
final class NearestMachine {
    private static final int FAMILY_PENTIUM_4 = 15;
    private static final int FAMILY_ZEN_3_AND_4 = 0x19;

    /** Models of family 6, oldest generation first. */
    private enum Generation {
        PENRYN("penryn", Set.of(0x0f, 0x17, 0x1d)),
        NEHALEM("nehalem", Set.of(0x1a, 0x1e, 0x1f, 0x2e, 0x25, 0x2c, 0x2f)),
        SANDY_BRIDGE("sandy-bridge", Set.of(0x2a, 0x2d, 0x3a, 0x3e)),
        HASWELL("haswell", Set.of(0x3c, 0x3f, 0x45, 0x46)),
        BROADWELL("broadwell", Set.of(0x3d, 0x47, 0x4f, 0x56)),
        SKYLAKE("skylake-sp", Set.of(0x4e, 0x55, 0x5e, 0x8e, 0x9e, 0xa5, 0xa6)),
        ICE_LAKE("ice-lake-sp", Set.of(0x6a, 0x6c, 0x7d, 0x7e, 0x8c, 0x8d, 0xa7));

        private final String preset;
        private final Set<Integer> models;

        Generation(String preset, Set<Integer> models) {
            this.preset = preset;
            this.models = models;
        }
    }

    private NearestMachine() {}

    /** A later processor than any that is known comes nearest to the last. */
    static String of(boolean amd, int family, int model) {
        if (amd) {
            boolean zen4 = model >= 0x10 && model < 0x20 || model >= 0x60 && model < 0x80 || model >= 0xa0;
            return family > FAMILY_ZEN_3_AND_4 || family == FAMILY_ZEN_3_AND_4 && zen4 ? "zen-4" : "zen-2";
        }
        if (family == FAMILY_PENTIUM_4) {
            return "prescott";
        }
        for (Generation generation : Generation.values()) {
            if (generation.models.contains(model)) {
                return generation.preset;
            }
        }
        return "golden-cove";
    }
}
