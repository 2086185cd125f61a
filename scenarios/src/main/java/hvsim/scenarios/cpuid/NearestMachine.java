package hvsim.scenarios.cpuid;

import java.util.Set;

/** Which preset a processor comes nearest to, by family and model. */
final class NearestMachine {
    private static final int FAMILY_PENTIUM_4 = 15;
    private static final int FAMILY_ZEN_3_AND_4 = 0x19;

    private static final int FIRST_MODEL_AFTER_PENRYN = 0x1a;

    /**
     * Models of family 6, oldest generation first; behind each, small cores that have EPT or not, and entries at
     * level 2, as it has.
     */
    private enum Generation {
        PENRYN("penryn", Set.of(0x1c, 0x1d, 0x26, 0x27, 0x35, 0x36)),
        NEHALEM("nehalem", Set.of(0x1a, 0x1e, 0x1f, 0x2e, 0x25, 0x2c, 0x2f, 0x37, 0x4a, 0x4c, 0x4d, 0x5a, 0x5d, 0x75)),
        SANDY_BRIDGE("sandy-bridge", Set.of(0x2a, 0x2d, 0x3a, 0x3e, 0x57, 0x5c, 0x5f, 0x7a, 0x85)),
        HASWELL("haswell", Set.of(0x3c, 0x3f, 0x45, 0x46, 0x86, 0x8a, 0x96, 0x9c)),
        BROADWELL("broadwell", Set.of(0x3d, 0x47, 0x4f, 0x56)),
        SKYLAKE("skylake-sp", Set.of(0x4e, 0x55, 0x5e, 0x66, 0x8e, 0x9e, 0xa5, 0xa6)),
        ICE_LAKE("ice-lake-sp", Set.of(0x6a, 0x6c, 0x7d, 0x7e, 0x8c, 0x8d, 0xa7));

        private final String preset;
        private final Set<Integer> models;

        Generation(String preset, Set<Integer> models) {
            this.preset = preset;
            this.models = models;
        }
    }

    private NearestMachine() {}

    /** An earlier processor than any that is known comes nearest to the first, a later one to the last. */
    static String of(boolean amd, int family, int model) {
        if (amd) {
            boolean zen4 = model >= 0x10 && model < 0x20 || model >= 0x60 && model < 0x80 || model >= 0xa0;
            return family > FAMILY_ZEN_3_AND_4 || family == FAMILY_ZEN_3_AND_4 && zen4 ? "zen-4" : "zen-2";
        }
        if (family == FAMILY_PENTIUM_4) {
            return "prescott";
        }
        if (family < 6 || model < FIRST_MODEL_AFTER_PENRYN) {
            return "penryn";
        }
        for (Generation generation : Generation.values()) {
            if (generation.models.contains(model)) {
                return generation.preset;
            }
        }
        return "golden-cove";
    }
}
