package hvsim.scenarios.validation;

import hvsim.vmm.iommu.mapping.MappingCosts;
import hvsim.vmm.iommu.mapping.MappingPolicy;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A way to use the IOMMU as Malka et al. measured it (ASPLOS 2015, 3.3), and as it comes out of {@link SendingCore}.
 *
 * @param published cycles of a packet, relative to those without IOMMU
 * @param cycles of a packet, of the model
 * @param invalidations of the IOTLB for each packet, of the model
 */
record IommuMode(MappingPolicy policy, String row, double published, double cycles, double invalidations) {
    private static final int WARM_UP = 2_000;
    private static final int PACKETS = 20_000;
    private static final double BITS = 8.0 * SendingCore.PACKET_BYTES;

    static List<IommuMode> all() {
        return List.of(
                of(MappingPolicy.NONE, "E077", 1),
                of(MappingPolicy.STRICT, "E078", 9.8),
                of(MappingPolicy.STRICT_PLUS, "E079", 5.5),
                of(MappingPolicy.DEFER, "E080", 4.9),
                of(MappingPolicy.DEFER_PLUS, "E081", 3.3));
    }

    private static IommuMode of(MappingPolicy policy, String row, double published) {
        SendingCore core = new SendingCore(policy, MappingCosts.measured(policy), 0);
        core.cyclesOf(WARM_UP);
        long before = invalidations(core);
        double cycles = core.cyclesOf(PACKETS);
        if (core.waited() > 0) {
            throw new IllegalStateException("the core waited for the adapter, which was not so");
        }
        return new IommuMode(policy, row, published, cycles, (double) (invalidations(core) - before) / PACKETS);
    }

    private static long invalidations(SendingCore core) {
        return Stream.ofNullable(core.iommu())
                .mapToLong(stats -> stats.globalInvalidations() + stats.pageInvalidations())
                .sum();
    }

    String word() {
        return policy.name().toLowerCase(Locale.ROOT);
    }

    double ratio() {
        return cycles / SendingCore.PACKET_CYCLES;
    }

    double error() {
        return ratio() / published - 1;
    }

    double publishedCycles() {
        return published * SendingCore.PACKET_CYCLES;
    }

    /** Gb/s = 1500 x 8 x clock / cycles. */
    static double gigabits(double cycles) {
        return BITS * SendingCore.CLOCK_HZ / cycles / 1e9;
    }
}
