package hvsim.vmm.host;

import hvsim.cpu.Core;
import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.cpu.Vcpu;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.Frames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hypervisor and the host's kernel each take the whole processor for their own, in address spaces of their own. Every
 * interrupt of the machine is the host's, and so is what its process answers.
 *
 * <pre>
 *   hypervisor   crossing page, state saved and loaded, MOV to CR3 ---+
 *   host         crossing page, 2 pages of its kernel, the process  <-+
 *                crossing page, state saved and loaded, MOV to CR3 ---+
 *   hypervisor   crossing page                                      <-+
 * </pre>
 *
 * The crossing page is at the same address in both. What a swap of states takes was measured with the misses that follow
 * it; those of the modelled TLB come on top of that.
 */
final class WorldSwitch implements Host {
    private static final int KERNEL_PAGES = 2;

    private final List<Core> cores;
    private final RootSpace host;
    private final HostLayout layout;
    private final long crossing;
    private final int switchCycles;
    private final @Nullable HostProcess process;

    /**
     * @param host the host's address space
     * @param crossing where the page is in both spaces that leads from one to the other; the state follows it
     * @param switchCycles one way
     * @param process that answers for the guests' ports; null if the hypervisor does
     */
    WorldSwitch(
            List<Core> cores,
            RootSpace host,
            RootSpace hypervisor,
            Frames frames,
            long crossing,
            int switchCycles,
            @Nullable HostProcess process) {
        this.cores = cores;
        this.host = host;
        this.layout = host.hostLayout();
        this.crossing = crossing;
        this.switchCycles = switchCycles;
        this.process = process;
        host.map(crossing, 2, frames);
        hypervisor.map(crossing, 2, frames);
        host.map(layout.kernelText(), KERNEL_PAGES, frames);
        host.map(layout.kernelData(), KERNEL_PAGES, frames);
    }

    @Override
    public boolean answer(int core, Vcpu guest, Program program) {
        if (process != null) {
            addPassage(core, guest, program, process);
        }
        return true;
    }

    @Override
    public void interrupt(int core, Vcpu guest, Program program) {
        addPassage(core, guest, program, null);
    }

    private void addPassage(int core, Vcpu guest, Program program, @Nullable HostProcess answers) {
        guest.counts().countHostPassage();
        program.add(GuestOp.passage(true));
        addSwitch(program, host.cr3());
        RootSpace.addFetches(program, layout.kernelText(), KERNEL_PAGES);
        RootSpace.addReferences(program, layout.kernelData(), KERNEL_PAGES);
        if (answers != null) {
            answers.addAnswer(program);
        }
        addSwitch(program, cores.get(core).transitions().rootCr3());
        program.add(GuestOp.passage(false));
    }

    private void addSwitch(Program program, long to) {
        RootSpace.addFetches(program, crossing, 1);
        RootSpace.addReferences(program, crossing + RootSpace.PAGE_BYTES, 1);
        program.add(GuestOp.work(switchCycles));
        RootSpace.addLoadCr3(program, to);
        RootSpace.addFetches(program, crossing, 1);
    }

    @Override
    public boolean takesCall(int core, Vcpu caller, Program program) {
        return false;
    }

    @Override
    public void transfer(Snapshot snapshot) {
        // no state
    }
}
