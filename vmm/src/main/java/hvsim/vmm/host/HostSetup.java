package hvsim.vmm.host;

import hvsim.cpu.Core;
import hvsim.cpu.Vcpu;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.TableLayout;
import hvsim.vmm.interrupt.GuestInterrupts;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.schedule.Scheduler;
import java.util.List;

/** Puts what a hypervisor runs on, or beside, into its own address space and into the host's. */
public final class HostSetup {
    private final HostSpec spec;
    private final List<Core> cores;
    private final RootSpace hypervisor;
    private final RootSpace host;
    private final Frames frames;

    /**
     * @param hypervisor its address space
     * @param frames of the hypervisor
     */
    public HostSetup(
            HostSpec spec,
            List<Core> cores,
            PhysicalMemory memory,
            TableLayout tables,
            RootSpace hypervisor,
            Frames frames) {
        this.spec = spec;
        this.cores = cores;
        this.hypervisor = hypervisor;
        this.frames = frames;
        this.host = spec.place() == HostSpec.Place.WORLD_SWITCH ? new RootSpace(memory, tables, frames) : hypervisor;
    }

    /** Those that share the cores with the guests. */
    public Applications applications(Scheduler scheduler, long sliceCycles) {
        return new Applications(spec.applications(), sliceCycles, host, hypervisor, frames, scheduler, cores.size());
    }

    /**
     * Who does what the hypervisor does not do itself.
     *
     * @param vcpus of all guests, by their numbers: the service VM's is the last one, where there is one
     * @param crossing where in the hypervisor's address space two pages are free
     */
    public Host host(GuestInterrupts interrupts, List<Vcpu> vcpus, long crossing) {
        return switch (spec.place()) {
            case BARE_METAL ->
                spec.answers() ? new ServiceVm(interrupts, vcpus.get(vcpus.size() - 1)) : new BareMetal();
            case USER_SPACE -> spec.answers() ? process() : new BareMetal();
            case WORLD_SWITCH ->
                new WorldSwitch(
                        cores,
                        host,
                        hypervisor,
                        frames,
                        crossing,
                        spec.switchCycles(),
                        spec.answers() ? process() : null);
        };
    }

    private HostProcess process() {
        return new HostProcess(cores, host, frames, spec.answerCycles());
    }
}
