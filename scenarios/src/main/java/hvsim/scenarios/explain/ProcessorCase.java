package hvsim.scenarios.explain;

import hvsim.cpu.instruction.Processor;
import hvsim.cpu.instruction.Processor.Mode;
import hvsim.cpu.state.Msrs;
import hvsim.cpu.state.Registers;
import hvsim.cpu.vmx.Vmcs;
import hvsim.ept.PhysicalMemory;

/** The processor of one question: as a 64-bit kernel has it, and what the question changes of that. */
final class ProcessorCase {
    private static final long MEMORY_BYTES = 1 << 24;

    final Mode mode;
    final int cpl;
    final Registers registers = new Registers();
    final Vmcs vmcs = new Vmcs();
    final PhysicalMemory memory = new PhysicalMemory(MEMORY_BYTES);

    ProcessorCase(Mode mode, int cpl) {
        this.mode = mode;
        this.cpl = cpl;
        registers.cr4 |= mode == Mode.OUTSIDE_VMX ? 0 : Registers.CR4_VMXE;
        VmcsSettings.prepare(vmcs);
    }

    Processor processor() {
        return new Processor(mode, cpl, registers, new Msrs(), vmcs, memory);
    }
}
