package hvsim.cpu.event;

import hvsim.cpu.vmx.ExitReason;
import java.util.List;
import java.util.stream.Stream;

/** A way from a guest to its hypervisor: a VM exit of some reason, or a trap. All are counted by place. */
public interface Passage {
    /** All there are, by {@link #place}. */
    List<Passage> ALL = Stream.concat(Stream.of(ExitReason.values()), Stream.<Passage>of(TrapReason.values()))
            .toList();

    /** The name in scenario files and reports. */
    String name();

    /** Of a VM exit the basic exit reason; of a trap the vector, or another number beyond all vectors. */
    int number();

    /** What the manual calls it. */
    String sdmName();

    /** Among all ways, from 0. */
    int place();
}
