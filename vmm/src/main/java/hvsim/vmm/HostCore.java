package hvsim.vmm;

import hvsim.cpu.Core;
import hvsim.cpu.CoreCounts;
import hvsim.cpu.Request;
import hvsim.cpu.RunOutcome;
import hvsim.cpu.state.ActivityState;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.CpuTechnique;
import hvsim.vmm.device.MachineDevices;
import hvsim.vmm.kernel.Kernel;
import hvsim.vmm.schedule.Scheduler;
import java.util.List;

/** One core of a machine: it goes on for a while, and what it cannot settle by itself is settled. */
final class HostCore {
    private final int number;
    private final Core core;
    private final CpuTechnique technique;
    private final Scheduler scheduler;
    private final InterruptRouter router;
    private final List<Seat> seats;
    private final MachineDevices devices;
    private CoreCounts settled = CoreCounts.ZERO;

    /** The hypervisor has nobody to run. */
    private boolean asleep;

    /** The guest, or the bare processor, has executed HLT. */
    private boolean halted;

    /**
     * Where a virtual processor belongs.
     *
     * @param number within its VM
     */
    record Seat(Vm vm, int number) {
        VcpuCounts counts() {
            return vm.vcpus().get(number);
        }

        boolean serves() {
            return vm.spec().vcpus().get(number).candidate().serves();
        }
    }

    /** @param seats by the numbers of virtual processors in the machine */
    HostCore(
            int number,
            Core core,
            CpuTechnique technique,
            Scheduler scheduler,
            InterruptRouter router,
            List<Seat> seats,
            MachineDevices devices) {
        this.number = number;
        this.core = core;
        this.technique = technique;
        this.scheduler = scheduler;
        this.router = router;
        this.seats = seats;
        this.devices = devices;
        this.asleep = scheduler.isIdle(number);
    }

    Core core() {
        return core;
    }

    /** When it goes on: now, when something wakes it or it has somebody to run, or {@link Scheduler#NEVER}. */
    long nextCycle() {
        if (asleep) {
            long event = technique.sleepsLightly() ? core.nextEventCycle() : Scheduler.NEVER;
            return Math.max(core.clock(), Math.min(scheduler.earliest(number), event));
        }
        return isHalted() ? Math.max(core.clock(), core.nextEventCycle()) : core.clock();
    }

    /** Goes on, to {@code horizon} at most. */
    void step(long horizon) {
        int before = core.vcpu().number();
        if (asleep) {
            technique.wake(number, nextCycle());
            asleep = false;
        } else if (isHalted()) {
            core.idleUntil(nextCycle());
            halted = false;
        } else {
            halted = false;
            settle(core.run(horizon));
        }
        if (core.vcpu().number() != before) {
            settle(before);
        }
    }

    /** It waits by HLT, or for a start-up interrupt, unless that was ended meanwhile. */
    private boolean isHalted() {
        return halted && core.vcpu().registers().activity != ActivityState.ACTIVE;
    }

    private void settle(RunOutcome outcome) {
        Request request = core.request();
        switch (outcome) {
            case UNTIL -> {}
            case VM_EXIT, TRAP -> technique.handleExit(number);
            case KERNEL_CODE -> technique.runKernelCode(number);
            case HOST_INTERRUPT -> technique.handleInterrupt(number);
            case HOST_IDLE -> asleep = true;
            case EXCEPTION -> kernel().exception(seat().number(), request.vector(), request.gva(), request.isFault());
            case KERNEL_EVENT -> kernel().event(seat().number(), request.event(), request.operand());
            case PREMAP -> kernel().premap(seat().number(), request.gva());
            case INTERRUPT_COMMAND -> router.send(core, request.command());
            case REGISTER_ACCESS -> devices.access(core);
            case IDLE -> halted = true;
            case MARK -> mark(core.vcpu().number(), request.phase());
            case PROGRAM_END -> end();
        }
    }

    private void end() {
        seat().vm().end(seat().number(), core.clock()).ifPresent(vcpu -> technique.isAlone(vcpu, number));
        technique.end(number);
        asleep = scheduler.isIdle(number);
    }

    private Seat seat() {
        return seats.get(core.vcpu().number());
    }

    private Kernel kernel() {
        seat().vm().at(core.clock());
        return seat().vm().kernel();
    }

    private void mark(int vcpu, int phase) {
        if (phase == 0) {
            startCounting(vcpu);
        } else {
            settle(vcpu);
            core.vcpu().beginPhase(phase);
        }
    }

    /** What was counted so far for that virtual processor was the warm-up. */
    private void startCounting(int vcpu) {
        settle(vcpu);
        seats.get(vcpu).counts().startCounting();
        seats.get(vcpu).vm().startCountingDevices(core.clock());
        scheduler.clearCounts(vcpu);
        seats.stream().filter(Seat::serves).forEach(seat -> seat.counts().startCounting());
    }

    /** What the core counted since the last time was for the virtual processor that is loaded. */
    void settle() {
        settle(core.vcpu().number());
    }

    private void settle(int vcpu) {
        CoreCounts now = core.counts();
        if (vcpu != Scheduler.NONE) {
            seats.get(vcpu).counts().add(now.minus(settled));
        }
        settled = now;
    }

    void transfer(Snapshot snapshot) {
        core.transfer(snapshot);
        settled = CoreCounts.transfer(settled, snapshot);
        asleep = snapshot.transfer(asleep);
        halted = snapshot.transfer(halted);
    }
}
