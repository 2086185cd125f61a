package hvsim.vmm.interrupt;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.cpu.VmExit;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.apic.LocalApic;
import hvsim.cpu.event.VectorSet;
import hvsim.cpu.instruction.Instruction;
import hvsim.tlb.Snapshot;
import hvsim.vmm.schedule.Scheduler;
import java.util.List;

/** All that a hypervisor does about interrupts: its guests' and, on their behalf, its own. */
public final class GuestInterrupts {
    private final List<Core> cores;
    private final List<GuestApic> apics;
    private final GuestTimers timers;
    private final InterruptDelivery delivery;

    /**
     * @param apics by the numbers of virtual processors, those of a VM one after another
     * @param preempts whether the preemption timer is in use
     * @param wakeCycles from the decision to wake a virtual processor until another core can run it
     * @param advanceCycles how long before its deadline a guest's timer is looked after
     */
    public GuestInterrupts(
            List<Core> cores,
            List<GuestApic> apics,
            Scheduler scheduler,
            boolean preempts,
            long wakeCycles,
            long advanceCycles) {
        this.cores = List.copyOf(cores);
        this.apics = List.copyOf(apics);
        this.timers = new GuestTimers(this.cores, this.apics, preempts, advanceCycles);
        this.delivery = new InterruptDelivery(this.cores, this.apics, scheduler, wakeCycles);
    }

    /** A virtual processor gets a core. */
    public void starts(int core, int vcpu) {
        timers.starts(vcpu);
        apics.get(vcpu).place(GuestApic.Place.RUNNING, idOf(core));
    }

    /** It has lost the core, but would go on. */
    public void isPreempted(int core, int vcpu) {
        stops(core, vcpu, GuestApic.Place.READY);
    }

    /** It has executed HLT, and given the core away. */
    public void isBlocked(int core, int vcpu) {
        stops(core, vcpu, GuestApic.Place.BLOCKED);
    }

    /** Its program has ended: nobody waits for its timer. */
    public void ends(int core, int vcpu) {
        timers.starts(vcpu);
        apics.get(vcpu).place(GuestApic.Place.READY, idOf(core));
    }

    private void stops(int core, int vcpu, GuestApic.Place place) {
        timers.stops(core, vcpu);
        apics.get(vcpu).place(place, idOf(core));
    }

    private int idOf(int core) {
        return cores.get(core).localApic().id();
    }

    /** Without preemption timer: the slice on a core ends at that cycle. */
    public void endSliceAt(int core, long cycle) {
        timers.endSliceAt(core, cycle);
    }

    /** Whether HLT waits for something: an interrupt that is not there yet, but can come. */
    public boolean waits(int core, int vcpu) {
        GuestApic apic = apics.get(vcpu);
        boolean canCome = apic.registers().deadline() != LocalApic.NEVER
                || cores.get(core).events().expectsWakeUps();
        return canCome && !apic.hasWaiting();
    }

    /** An exit of a virtual processor: what it has changed by itself is taken up. */
    public void left(int core, int vcpu) {
        apics.get(vcpu).left();
        apics.get(vcpu).advance(cores.get(core).clock());
    }

    /**
     * Its next entry is prepared.
     *
     * @return the cycle before which it must not be entered, if that is still to come: its timer's interrupt is there
     */
    public long enter(int core, int vcpu) {
        long due = timers.due(core, vcpu);
        apics.get(vcpu).advance(due);
        apics.get(vcpu).enter();
        timers.arm(core, vcpu);
        return due;
    }

    /** Nobody runs on a core. */
    public void idle(int core) {
        timers.armIdle(core);
    }

    /** A core that is in root mode takes what interrupts it has. */
    public void take(int core) {
        Core of = cores.get(core);
        for (int vector = of.events().acknowledgeInterrupt();
                vector != VectorSet.NONE;
                vector = of.events().acknowledgeInterrupt()) {
            of.localApic().endOfInterrupt();
            handle(core, vector);
        }
    }

    /**
     * A host's interrupt on a core.
     *
     * @return whether the slice there is over
     */
    public boolean handle(int core, int vector) {
        HostVector known = HostVector.byNumber(vector);
        if (known == HostVector.TIMER) {
            timers.advance(core, delivery);
            return timers.isSliceOver(core, cores.get(core).clock());
        }
        if (known == HostVector.WAKE_UP) {
            for (int vcpu = 0; vcpu < apics.size(); vcpu++) {
                delivery.wakeIfDue(vcpu, cores.get(core).clock());
            }
        }
        return false;
    }

    /** Whether the exit is an access to the guest's local APIC that it may make. */
    public static boolean concerns(VmExit exit) {
        return switch (exit.reason()) {
            case MSR_WRITE -> ApicMsr.has(exit.operand()) && ApicMsr.takes(exit.operand(), exit.value());
            case MSR_READ -> ApicMsr.isReadable(exit.operand());
            default -> false;
        };
    }

    /** The access that {@link #concerns} was asked about. */
    public void access(Program program, int core, VmExit exit) {
        Core of = cores.get(core);
        int msr = exit.operand();
        GuestApic apic = apics.get(exit.vcpu().number());
        switch (exit.reason()) {
            case MSR_READ -> {
                long value = apic.read(msr, of.clock());
                exit.vcpu().observe(Instruction.RDMSR, ApicMsr.isTimed(msr) ? 0 : value);
                exit.vcpu().registers().rax = value;
            }
            default -> write(program, core, exit, apic);
        }
        of.skipInstruction();
    }

    private void write(Program program, int core, VmExit exit, GuestApic apic) {
        long value = exit.value();
        if (exit.operand() == ApicMsr.TSC_DEADLINE) {
            apic.registers().setDeadline(value, value - exit.vcpu().registers().tscAdjust);
        } else if (apic.write(exit.operand(), value, cores.get(core).clock()) == LocalApic.Effect.COMMAND) {
            delivery.send(program, core, exit.vcpu().number(), apic.registers().command());
        }
    }

    /** A command that the hardware has begun and leaves to software: exit 56. */
    public void finishCommand(Program program, int core, VmExit exit) {
        GuestApic apic = apics.get(exit.vcpu().number());
        long command = apic.leftCommand().encode();
        if (apic.write(ApicMsr.COMMAND, command, cores.get(core).clock()) == LocalApic.Effect.COMMAND) {
            delivery.send(program, core, exit.vcpu().number(), apic.registers().command());
        }
    }

    /** The program makes another core leave its guest. */
    public void kick(Program program, int core) {
        delivery.addCommand(program, delivery.kick(core));
    }

    public void transfer(Snapshot snapshot) {
        apics.forEach(apic -> apic.transfer(snapshot));
        timers.transfer(snapshot);
    }
}
