package hvsim.vmm.cpu.hardware;

import hvsim.cpu.Core;
import hvsim.cpu.GuestOp;
import hvsim.cpu.Program;
import hvsim.cpu.VmExit;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.state.ActivityState;
import hvsim.cpu.vmx.ExitReason;
import hvsim.cpu.vmx.InterruptionInfo;
import hvsim.cpu.vmx.VmcsField;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.cpu.HypervisorImage;
import hvsim.vmm.cpu.Turns;
import hvsim.vmm.cpu.exit.Hypercalls;
import hvsim.vmm.cpu.exit.PagingExits;
import hvsim.vmm.cpu.exit.Reinjection;
import hvsim.vmm.device.EmulatedDevices;
import hvsim.vmm.host.Host;
import hvsim.vmm.interrupt.ApicAccesses;
import hvsim.vmm.interrupt.GuestInterrupts;
import java.util.stream.Stream;

/**
 * What the hypervisor does about each exit reason: it changes what has to change, and fills in the program
 * that stands for the time this takes.
 */
final class ExitDispatcher {
    private static final long INTERRUPTION_VECTOR = 0xFF;
    private static final int PAGE_FAULT = 14;

    private final Core core;
    private final HypervisorImage image;
    private final HardwareAssisted technique;
    private final Turns turns;
    private final GuestInterrupts interrupts;
    private final ApicAccesses accesses;
    private final EmulatedDevices devices;
    private final Host host;
    private final HardwareSpec spec;

    /** Software's work by {@link ExitReason#ordinal()}. */
    private final int[] workCycles;

    ExitDispatcher(
            Core core,
            HardwareSpec spec,
            HypervisorImage image,
            HardwareAssisted technique,
            Turns turns,
            GuestInterrupts interrupts,
            EmulatedDevices devices,
            Host host) {
        this.core = core;
        this.spec = spec;
        this.workCycles = Stream.of(ExitReason.values())
                .mapToInt(reason -> spec.dispatchCycles() + spec.cyclesOf(reason))
                .toArray();
        this.image = image;
        this.technique = technique;
        this.turns = turns;
        this.interrupts = interrupts;
        this.devices = devices;
        this.host = host;
        this.accesses = interrupts.accesses();
    }

    /** What an exit takes that a guest hypervisor gets, or that is on a VMX instruction of it. */
    Program beginNested(int number, VmExit exit) {
        Program program = core.transitions().hostProgram();
        ExitReason reason = exit.reason();
        boolean reflects = !exit.vcpu().levels().isInGuestHypervisor();
        image.addCommonPath(program, exit.vcpu().number(), reason);
        program.add(GuestOp.work(reflects ? spec.dispatchCycles() : workCycles[reason.ordinal()]));
        interrupts.left(number, exit.vcpu().number());
        return program;
    }

    /** Fills in what the core, whose number is given, runs up to the next entry. */
    void handle(int number, VmExit exit) {
        ExitReason reason = exit.reason();
        Program program = core.transitions().hostProgram();
        addPath(program, exit, reason);
        interrupts.left(number, exit.vcpu().number());
        boolean goesOn = true;
        switch (reason) {
            case CPUID,
                    GETSEC,
                    INVD,
                    RDPMC,
                    RDTSC,
                    RSM,
                    VMCLEAR,
                    VMLAUNCH,
                    VMPTRLD,
                    VMPTRST,
                    VMREAD,
                    VMRESUME,
                    VMWRITE,
                    VMOFF,
                    VMON,
                    DR_ACCESS,
                    MWAIT_INSTRUCTION,
                    MONITOR_INSTRUCTION,
                    GDTR_IDTR,
                    LDTR_TR,
                    INVEPT,
                    RDTSCP,
                    INVVPID,
                    WBINVD,
                    XSETBV,
                    RDRAND,
                    VMFUNC,
                    ENCLS,
                    RDSEED,
                    XSAVES,
                    XRSTORS,
                    PCONFIG,
                    UMWAIT,
                    TPAUSE,
                    LOADIWKEY,
                    ENCLV,
                    SEAMCALL,
                    TDCALL,
                    RDMSRLIST,
                    WRMSRLIST,
                    RDMSR_IMMEDIATE,
                    WRMSRNS_IMMEDIATE -> core.emulate();
            case VMCALL -> call(number, exit, program);
            case IO_INSTRUCTION -> {
                core.emulate();
                goesOn = host.answer(number, exit.vcpu(), program) || turns.addAfterRequest(number, program);
            }
            case MSR_READ -> {
                if (!accesses.readMsr(number, exit)) {
                    core.emulate();
                }
            }
            case MSR_WRITE -> {
                countEnd(exit);
                if (!accesses.writeMsr(program, number, exit)) {
                    core.emulate();
                }
            }
            case APIC_WRITE -> accesses.finishCommand(program, number, exit);
            case APIC_ACCESS -> accesses.reference(program, number, exit);
            case INTERRUPT_WINDOW -> devices.count(exit.vcpu().number(), pending(exit), reason); // as the next ones
            case TPR_BELOW_THRESHOLD, NMI_WINDOW -> {} // the entry injects what waits
            case EOI_INDUCED -> {} // the interrupt has ended; its source would be told, but there is no I/O APIC
            case PAUSE_INSTRUCTION -> {
                core.emulate();
                goesOn = !turns.isWanted(number) || turns.addNext(number, program);
            }
            case CR_ACCESS -> pagingOf(exit).controlRegister(core, exit, program);
            case INVLPG -> pagingOf(exit).invalidatePage(core, exit, program);
            case INVPCID -> pagingOf(exit).invalidateProcess(core, exit, program);
            case EPT_VIOLATION -> pagingOf(exit).secondStageViolation(core, exit, program);
            case EPT_MISCONFIG -> goesOn = access(number, exit, program);
            case EXCEPTION_NMI -> {
                if (technique.virtual8086().emulate(core, exit)) {
                    boolean halts = exit.vcpu().registers().activity == ActivityState.HLT;
                    goesOn = !halts || turns.addAfterHalt(number, program);
                } else if (!isPageFault(exit) || !pagingOf(exit).pageFault(core, exit, program)) {
                    Reinjection.ofCause(exit);
                }
            }
            case HLT -> {
                core.emulate();
                goesOn = turns.addAfterHalt(number, program);
            }
            case PREEMPTION_TIMER ->
                goesOn = exit.vcpu().vmcs().read(VmcsField.PREEMPTION_TIMER_VALUE) != 0
                        || endSlice(number, exit, program);
            case EXTERNAL_INTERRUPT -> {
                image.addEndOfInterrupt(program);
                host.interrupt(number, exit.vcpu(), program);
                int vector = InterruptionInfo.vector(exit.vcpu().vmcs().read(VmcsField.EXIT_INTERRUPTION_INFO));
                devices.countInterrupt(vector);
                goesOn = !interrupts.handle(program, number, vector) || turns.addNext(number, program);
            }
            case INVALID_STATE, MSR_LOAD_FAIL, MCE_DURING_VMENTRY ->
                throw new IllegalStateException(
                        exit.vcpu().name() + ": the VM entry fails with reason " + reason.number()
                                + ", for this is not so: " + core.transitions().brokenRule());
            case TRIPLE_FAULT,
                    INIT_SIGNAL,
                    SIPI_SIGNAL,
                    IO_SMI,
                    OTHER_SMI,
                    TASK_SWITCH,
                    MONITOR_TRAP_FLAG,
                    PML_FULL,
                    SPP_EVENT,
                    ENQCMD,
                    ENQCMDS,
                    BUS_LOCK,
                    NOTIFY,
                    URDMSR,
                    UWRMSR ->
                throw new IllegalStateException("this hypervisor sets no control that leads to " + reason);
        }
        Reinjection.ofInterrupted(exit);
        technique.resume(number, program, goesOn);
    }

    /** The page was made so that each access to a device's registers exits. Returns whether the guest goes on. */
    private boolean access(int number, VmExit exit, Program program) {
        if (!devices.access(number, exit, program)) {
            throw new IllegalStateException("the hypervisor's own tables are malformed");
        }
        return host.answer(number, exit.vcpu(), program) || turns.addAfterRequest(number, program);
    }

    /** The end of an interrupt, if it is that, is for a device. */
    private void countEnd(VmExit exit) {
        if (exit.operand() == ApicMsr.END_OF_INTERRUPT) {
            int vcpu = exit.vcpu().number();
            devices.count(vcpu, interrupts.inService(vcpu), ExitReason.MSR_WRITE);
        }
    }

    private int pending(VmExit exit) {
        return interrupts.pending(exit.vcpu().number());
    }

    private void call(int number, VmExit exit, Program program) {
        if (host.takesCall(number, exit.vcpu(), program)) {
            core.skipInstruction();
        } else {
            Hypercalls.answer(core, exit);
        }
    }

    private boolean endSlice(int number, VmExit exit, Program program) {
        host.interrupt(number, exit.vcpu(), program);
        return turns.addNext(number, program);
    }

    /** The way to the code for the reason, and the software's work there. */
    private void addPath(Program program, VmExit exit, ExitReason reason) {
        if (spec.handlers().shortPath() && isShort(exit, reason)) {
            image.addShortPath(program, exit.vcpu().number(), reason);
            program.add(GuestOp.work(spec.cyclesOf(reason)));
        } else {
            image.addCommonPath(program, exit.vcpu().number(), reason);
            program.add(GuestOp.work(workCycles[reason.ordinal()]));
        }
    }

    /** Commands and deadlines of local APICs, and deadlines that have come while the slice is not over. */
    private static boolean isShort(VmExit exit, ExitReason reason) {
        return reason == ExitReason.MSR_WRITE
                        && (exit.operand() == ApicMsr.COMMAND || exit.operand() == ApicMsr.TSC_DEADLINE)
                || reason == ExitReason.PREEMPTION_TIMER
                        && exit.vcpu().vmcs().read(VmcsField.PREEMPTION_TIMER_VALUE) != 0;
    }

    private PagingExits pagingOf(VmExit exit) {
        return technique.pagingOf(exit.vcpu().number());
    }

    private static boolean isPageFault(VmExit exit) {
        return (exit.vcpu().vmcs().read(VmcsField.EXIT_INTERRUPTION_INFO) & INTERRUPTION_VECTOR) == PAGE_FAULT;
    }
}
