package hvsim.vmm.cpu;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.cpu.Transitions;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.vmx.VmcsField;
import hvsim.ept.PhysicalMemory;
import hvsim.tlb.Invalidation;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.Frames;
import hvsim.vmm.schedule.Scheduler;
import java.util.List;

/** Guests run in non-root mode, their kernels at CPL 0; what the VMCS says comes back as a VM exit. */
public final class HardwareAssisted implements CpuTechnique {
    /** Vector of the host's timer, where the preemption timer is not used. */
    private static final int HOST_TIMER_VECTOR = 0xEC;

    private static final int TSC_DEADLINE_MODE = 2 << 17;

    private final List<Core> cores;
    private final HardwareSpec spec;
    private final Frames frames;
    private final HypervisorImage image;
    private final List<Guest> guests;
    private final Scheduler scheduler;
    private final List<ExitDispatcher> dispatchers;

    /**
     * @param pageLevels of the hypervisor's own tables
     * @param frames of the hypervisor; its tables of guests come out of them too
     * @param guests all virtual processors, by their numbers
     */
    public HardwareAssisted(
            List<Core> cores,
            PhysicalMemory memory,
            int pageLevels,
            Frames frames,
            HardwareSpec spec,
            List<Guest> guests,
            Scheduler scheduler) {
        this.cores = List.copyOf(cores);
        this.spec = spec;
        this.frames = frames;
        this.guests = List.copyOf(guests);
        this.scheduler = scheduler;
        this.image = new HypervisorImage(memory, pageLevels, frames, guests.size());
        this.dispatchers = cores.stream()
                .map(core -> new ExitDispatcher(core, spec, image, this))
                .toList();
        GuestSetup setup = new GuestSetup(memory, frames, spec, image);
        guests.forEach(setup::setUp);
    }

    @Override
    public void start() {
        for (int core = 0; core < cores.size(); core++) {
            powerUp(cores.get(core));
            resumeNext(core);
        }
    }

    private void powerUp(Core core) {
        core.localApic().write(ApicMsr.TIMER, TSC_DEADLINE_MODE | HOST_TIMER_VECTOR, core.clock());
        core.transitions().startRoot(image.cr3(), image.cr4());
    }

    @Override
    public void handleExit(int core) {
        dispatchers.get(core).handle(core, cores.get(core).transitions().exit());
    }

    @Override
    public void end(int core) {
        scheduler.end(core, cores.get(core).clock());
        cores.get(core).transitions().takeBack();
        resumeNext(core);
    }

    @Override
    public void wake(int core, long cycle) {
        Program program = cores.get(core).transitions().hostProgram().clear();
        if (addTurn(core, program, cycle)) {
            image.addResume(program);
        }
    }

    private void resumeNext(int core) {
        wake(core, cores.get(core).clock());
    }

    /** Who runs on a core has had its slice, or has nothing to do: the next one's turn, if anybody waits. */
    boolean addNextTurn(int core, Program program) {
        long now = cores.get(core).clock();
        scheduler.endTurn(core, now);
        return addTurn(core, program, now);
    }

    /** A new slice for who is next, from its next entry on. Returns false if there is nobody: the core is idle. */
    private boolean addTurn(int number, Program program, long cycle) {
        int vcpu = scheduler.next(number, cycle);
        if (vcpu == Scheduler.NONE) {
            return false;
        }
        Core core = cores.get(number);
        Guest guest = guests.get(vcpu);
        core.transitions().switchTo(guest.vcpu());
        core.idleUntil(cycle);
        image.addWorldSwitch(program, vcpu);
        if (scheduler.ranOn(vcpu) != number) {
            moveTo(core, guest, program);
        }
        startSlice(core, guest);
        return true;
    }

    private void startSlice(Core core, Guest guest) {
        long slice = spec.scheduler().sliceCycles();
        if (spec.has(HardwareSpec.Feature.PREEMPTION_TIMER)) {
            guest.vcpu().vmcs().write(VmcsField.PREEMPTION_TIMER_VALUE, slice >>> Transitions.PREEMPTION_TIMER_SHIFT);
        } else {
            long end = core.clock() + slice;
            core.localApic().setDeadline(end, end);
        }
    }

    /**
     * A virtual processor comes from another core. What this one still holds of its translations may be stale, as the
     * guest invalidates only where it runs (SDM vol. 3, 28.3.3.3).
     */
    private void moveTo(Core core, Guest guest, Program program) {
        if (scheduler.ranOn(guest.vcpu().number()) == Scheduler.NONE) {
            return;
        }
        guest.vcpu().retention().forget();
        core.mmu().invalidate(Invalidation.invvpidContext(guest.vcpu().vmcs().effectiveVpid()));
        image.addMove(program);
    }

    /** The memory of a virtual processor's VM. */
    Guest guestOf(int vcpu) {
        return guests.get(vcpu);
    }

    @Override
    public void transfer(Snapshot snapshot) {
        frames.transfer(snapshot);
    }
}
