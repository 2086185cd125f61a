package hvsim.scenarios.file;

import java.util.Map;
import java.util.Set;

/**
 * {@code machine}: what is real silicon.
 *
 * @param features what it can do
 * @param sockets that the cores are spread over, evenly
 * @param fixedInstructions whether the sensitive instructions that every CPL may execute fault above CPL 0
 * @param tlb by name, in the order of the file, without those that have no entries
 * @param devices by name, in the order of the file
 */
public record MachineConfig(
        String preset,
        Vendor vendor,
        Set<MachineFeature> features,
        int cores,
        int sockets,
        Bytes memory,
        Frequency clock,
        int pageLevels,
        boolean fractureFlush,
        boolean fixedInstructions,
        Map<String, TlbConfig> tlb,
        WalkConfig walk,
        CachesConfig caches,
        CyclesConfig cycles,
        Map<String, DeviceConfig> devices) {

    /** Whether its silicon can do that. */
    public boolean has(MachineFeature feature) {
        return features.contains(feature);
    }
}
