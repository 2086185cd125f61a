package hvsim.vmm.cpu.hardware;

import hvsim.vmm.cpu.Guest;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.cpu.exit.NestedExits;
import hvsim.vmm.cpu.exit.PagingExits;
import hvsim.vmm.cpu.exit.ShadowExits;
import hvsim.vmm.cpu.exit.TlbFlushes;
import hvsim.vmm.cpu.nested.ComposedExits;
import hvsim.vmm.memory.ComposedMemory;
import hvsim.vmm.memory.MemoryTechnique;
import hvsim.vmm.memory.NestedMemory;
import hvsim.vmm.memory.shadow.ShadowMemory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Who deals with the exits that have to do with memory: one for the virtual processors of a VM, by how it gets memory. */
final class VmPaging {
    private final HypervisorImage image;
    private final TlbFlushes flushes;
    private final boolean accessedDirty;

    VmPaging(HardwareSpec spec, HypervisorImage image, TlbFlushes flushes) {
        this.image = image;
        this.flushes = flushes;
        this.accessedDirty = spec.has(HardwareSpec.Feature.EPT_ACCESSED_DIRTY);
    }

    /** By the numbers of virtual processors. */
    List<PagingExits> of(List<Guest> guests) {
        Map<MemoryTechnique, List<Guest>> vms =
                guests.stream().collect(Collectors.groupingBy(Guest::memory, LinkedHashMap::new, Collectors.toList()));
        Map<MemoryTechnique, PagingExits> all = new LinkedHashMap<>();
        vms.forEach((memory, ofVm) -> all.put(memory, exits(memory, ofVm)));
        return guests.stream().map(guest -> all.get(guest.memory())).toList();
    }

    private PagingExits exits(MemoryTechnique memory, List<Guest> ofVm) {
        if (memory instanceof ShadowMemory shadow) {
            return new ShadowExits(image, shadow, flushes, ofVm);
        }
        if (memory instanceof NestedMemory nested) {
            return new NestedExits(image, nested, accessedDirty);
        }
        if (memory instanceof ComposedMemory composed) {
            return new ComposedExits(image, composed, accessedDirty);
        }
        throw new IllegalArgumentException("non-root mode knows second stages and shadow tables only");
    }
}
