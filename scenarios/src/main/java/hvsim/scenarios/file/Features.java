package hvsim.scenarios.file;

import hvsim.vmm.cpu.HardwareSpec.Feature;
import java.util.List;
import java.util.Set;

/**
 * {@code hypervisor.features}: what the hypervisor uses of the hardware, and what it lets exit.
 *
 * @param on the switches that are on; a switch has the key of its name in small letters
 * @param exceptionBitmap vectors 0 to 31 that exit, ascending
 */
public record Features(Set<Feature> on, List<Integer> exceptionBitmap) {
    public Features {
        on = Set.copyOf(on);
    }

    public boolean has(Feature feature) {
        return on.contains(feature);
    }
}
