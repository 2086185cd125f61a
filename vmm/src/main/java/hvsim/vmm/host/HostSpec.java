package hvsim.vmm.host;

/**
 * Where a hypervisor runs.
 *
 * @param answers whether others answer guests' accesses to ports: the service VM or the host's process
 * @param answerCycles what they do for one of them
 * @param switchCycles of a world switch, one way
 * @param applications processes of the host that always have something to do, on each core
 */
public record HostSpec(Place place, boolean answers, int answerCycles, int switchCycles, int applications) {
    /** On the machine itself, and all is answered in the hypervisor. */
    public static final HostSpec BARE_METAL = new HostSpec(Place.BARE_METAL, false, 0, 0, 0);

    /** What is below it, and how that is reached. */
    public enum Place {
        BARE_METAL,
        /** The host's kernel is the hypervisor, and goes to user mode. */
        USER_SPACE,
        /** Beside the host's kernel. */
        WORLD_SWITCH
    }

    public HostSpec {
        if (answerCycles < 0 || switchCycles < 0 || applications < 0) {
            throw new IllegalArgumentException("a cost or a number is negative");
        }
        if (place == Place.BARE_METAL && applications > 0) {
            throw new IllegalArgumentException("applications belong to a host, and there is none");
        }
    }

    /** Whether a privileged VM answers. */
    public boolean hasServiceVm() {
        return place == Place.BARE_METAL && answers;
    }
}
