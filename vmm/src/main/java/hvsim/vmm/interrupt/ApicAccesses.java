package hvsim.vmm.interrupt;

import hvsim.cpu.Core;
import hvsim.cpu.Program;
import hvsim.cpu.VmExit;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.apic.LocalApic;
import hvsim.cpu.instruction.Instruction;
import java.util.List;
import java.util.function.IntFunction;

/** What guests do with their local APICs by exits: the hypervisor does it on what it keeps of them, and goes past it. */
public final class ApicAccesses {
    /** Registers of the memory-mapped APIC, and MSRs, are 16 bytes apart, or one. */
    private static final int OFFSET_SHIFT = 4;

    private static final int ALIGNMENT = (1 << OFFSET_SHIFT) - 1;

    // exit qualification: SDM vol. 3, table 27-6
    private static final int OFFSET = 0xFFF;
    private static final int TYPE_SHIFT = 12;
    private static final int READ = 0;
    private static final int WRITE = 1;

    private final List<Core> cores;
    private final IntFunction<GuestApic> apics;
    private final CommandSender sender;

    /** @param apics by the numbers of virtual processors */
    ApicAccesses(List<Core> cores, IntFunction<GuestApic> apics, CommandSender sender) {
        this.cores = cores;
        this.apics = apics;
        this.sender = sender;
    }

    /** RDMSR. Returns false, and nothing was done, if it is of no register that the guest may read. */
    public boolean readMsr(int core, VmExit exit) {
        Core of = cores.get(core);
        int msr = exit.operand();
        if (!ApicMsr.isReadable(msr)) {
            return false;
        }
        long value = apicOf(exit).read(msr, of.clock());
        exit.vcpu().observe(Instruction.RDMSR, ApicMsr.isTimed(msr) ? 0 : value);
        exit.vcpu().registers().rax = value;
        of.skipInstruction();
        return true;
    }

    /** WRMSR. Returns false, and nothing was done, if it is of no register that the guest may write, or takes. */
    public boolean writeMsr(Program program, int core, VmExit exit) {
        long value = exit.value();
        if (!ApicMsr.has(exit.operand()) || !ApicMsr.takes(exit.operand(), value)) {
            return false;
        }
        if (exit.operand() == ApicMsr.TSC_DEADLINE) {
            apicOf(exit).registers().setDeadline(value, value - exit.vcpu().registers().tscAdjust);
        } else {
            write(program, core, exit, exit.operand(), value);
        }
        cores.get(core).skipInstruction();
        return true;
    }

    /** A command that the hardware has begun and leaves to software: exit 56. */
    public void finishCommand(Program program, int core, VmExit exit) {
        write(program, core, exit, ApicMsr.COMMAND, apicOf(exit).leftCommand().encode());
    }

    private void write(Program program, int core, VmExit exit, int msr, long value) {
        GuestApic apic = apicOf(exit);
        if (apic.write(msr, value, cores.get(core).clock()) == LocalApic.Effect.COMMAND) {
            sender.send(program, core, exit.vcpu().number(), apic.registers().command());
        }
    }

    /**
     * A reference to the page of the memory-mapped APIC: exit 44. It has no data: a read goes nowhere, and a write is of 0.
     *
     * @throws IllegalStateException if it is a fetch, or an event is delivered through the page
     */
    public void reference(Program program, int core, VmExit exit) {
        int offset = (int) exit.qualification() & OFFSET;
        int type = (int) exit.qualification() >>> TYPE_SHIFT;
        if (type > WRITE) {
            throw new IllegalStateException(
                    exit.vcpu().name() + " executes from the page of its local APIC, or has its stack there");
        }
        if (type != READ && (offset & ALIGNMENT) == 0) {
            write(program, core, exit, ApicMsr.FIRST | offset >>> OFFSET_SHIFT, 0);
        }
        cores.get(core).skipInstruction();
    }

    private GuestApic apicOf(VmExit exit) {
        return apics.apply(exit.vcpu().number());
    }
}
