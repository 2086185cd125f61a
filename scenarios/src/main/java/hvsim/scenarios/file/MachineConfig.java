package hvsim.scenarios.file;

import java.util.Map;

/**
 * {@code machine}: what is real silicon.
 *
 * @param sockets that the cores are spread over, evenly
 * @param tlb by name, in the order of the file, without those that have no entries
 */
public record MachineConfig(
        String preset,
        int cores,
        int sockets,
        Bytes memory,
        Frequency clock,
        int pageLevels,
        boolean fractureFlush,
        Map<String, TlbConfig> tlb,
        WalkConfig walk,
        CachesConfig caches,
        CyclesConfig cycles) {}
