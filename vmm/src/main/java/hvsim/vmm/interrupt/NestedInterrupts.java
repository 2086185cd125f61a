package hvsim.vmm.interrupt;

import hvsim.cpu.Core;
import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.cpu.Vcpu;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.apic.InterruptCommand;
import hvsim.cpu.apic.LocalApic;
import hvsim.cpu.instruction.Instruction;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.UnsupportedGuestException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a hypervisor that is a guest itself does about its guest's interrupts. It keeps their local APICs in software;
 * for time, and to reach another of its processors, it has its own local APIC and nothing else.
 */
public final class NestedInterrupts implements CommandSender {
    private static final int TSC_DEADLINE_MODE = 2 << 17;

    private final List<Core> cores;
    private final List<GuestApic> own = new ArrayList<>();
    private final List<GuestApic> apics = new ArrayList<>();
    private final List<Vcpu> vcpus;
    private final int first;
    private final ApicAccesses accesses;

    /** By virtual processor: what it has written into its own timer last. */
    private final long[] armed;

    /** @param vcpus the VM's, which have consecutive numbers */
    public NestedInterrupts(List<Core> cores, List<Vcpu> vcpus) {
        this.cores = cores;
        this.vcpus = vcpus;
        this.first = vcpus.get(0).number();
        for (Vcpu vcpu : vcpus) {
            own.add(new GuestHypervisorApic(vcpu, own.size()));
            apics.add(new EmulatedApic(vcpu, apics.size(), null));
        }
        this.armed = new long[vcpus.size()];
        Arrays.fill(armed, LocalApic.NEVER);
        this.accesses = new ApicAccesses(cores, vcpu -> apics.get(vcpu - first), this);
        for (GuestApic apic : own) {
            apic.registers().write(ApicMsr.TIMER, TSC_DEADLINE_MODE | HostVector.TIMER.number(), 0);
        }
    }

    /** The guest hypervisor's own local APICs, as the machine's hypervisor keeps them; the VMCSs that are current say so. */
    public List<GuestApic> setUpOwn() {
        vcpus.forEach(this::setUp);
        return own;
    }

    /** The guest's VMCS, which is the current one, leaves local APICs to software. */
    public void setUp(Vcpu vcpu) {
        ApicSetup.setControls(vcpu.vmcs(), ApicFeatures.NONE);
    }

    /** What the guest does with its local APICs by exits. */
    public ApicAccesses accesses() {
        return accesses;
    }

    /** Whether an interrupt for the guest hypervisor waits; it is acknowledged by the exit that takes it. */
    public boolean hasWaiting(int vcpu) {
        return own.get(vcpu - first).hasWaiting();
    }

    /** The vector of the interrupt that waits: it is in service now. */
    public int acknowledge(int vcpu) {
        return own.get(vcpu - first).registers().acknowledge();
    }

    /** The guest was left. */
    public void left(int core, int vcpu) {
        apicOf(vcpu).left();
        apicOf(vcpu).advance(cores.get(core).clock());
    }

    /** Whether HLT of the guest waits for something that can come. */
    public boolean waits(Vcpu vcpu) {
        GuestApic apic = apicOf(vcpu.number());
        boolean comes = apic.registers().deadline() != LocalApic.NEVER || vcpu.expectsInterrupts();
        return comes && !apic.hasWaiting();
    }

    /** The guest hypervisor's program prepares the next entry to its guest. */
    public void enter(Program program, int vcpu) {
        GuestApic apic = apicOf(vcpu);
        apic.enter();
        long deadline = apic.registers().deadline();
        if (deadline != armed[vcpu - first]) {
            armed[vcpu - first] = deadline;
            write(program, ApicMsr.TSC_DEADLINE, deadline == LocalApic.NEVER ? 0 : Math.max(deadline, 1));
        }
    }

    private GuestApic apicOf(int vcpu) {
        return apics.get(vcpu - first);
    }

    /** The target's hypervisor is interrupted: it finds what waits for its guest. */
    @Override
    public void send(Program program, int core, int sender, InterruptCommand command) {
        for (int target = 0; target < apics.size(); target++) {
            if (command.reaches(target, sender - first)) {
                request(target, command);
                if (target != sender - first) {
                    InterruptCommand kick = InterruptCommand.fixed(HostVector.RESCHEDULE.number(), target);
                    write(program, ApicMsr.COMMAND, kick.encode());
                }
            }
        }
    }

    private void request(int target, InterruptCommand command) {
        switch (command.mode()) {
            case FIXED, LOWEST_PRIORITY -> apics.get(target).request(command.vector());
            case NMI, INIT, START_UP, SMI ->
                throw new UnsupportedGuestException("a nested guest sends an interrupt of mode " + command.mode()
                        + ": its hypervisor passes fixed interrupts on, and no others");
        }
    }

    private static void write(Program program, int msr, long value) {
        program.add(GuestOp.instructionWithValue(Instruction.WRMSR, 0, msr), value);
    }

    public void transfer(Snapshot snapshot) {
        apics.forEach(apic -> apic.transfer(snapshot));
        snapshot.transfer(armed);
    }
}
