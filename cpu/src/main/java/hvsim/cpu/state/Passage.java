package hvsim.cpu.state;

/** A way from a guest to its hypervisor: a VM exit of some reason, or a trap. All are counted by place. */
public interface Passage {
    /** The name in scenario files and reports. */
    String name();

    /** Of a VM exit the basic exit reason; of a trap the vector, or another number beyond all vectors. */
    int number();

    /** What the manual calls it. */
    String sdmName();

    /** Among all ways, from 0: those of VM exits, then those of traps. */
    int place();
}
