package hvsim.vmm.kernel;

import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.Program;
import hvsim.cpu.Vcpu;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.instruction.InterruptOperand;
import hvsim.multiqueue.bus.BusMemory;
import hvsim.multiqueue.nic.FrameTimes;
import hvsim.tlb.Snapshot;
import hvsim.vmm.memory.MemoryTechnique;
import java.util.List;

/**
 * What there is in real-address mode: no tables, and handlers in the ROM that vectors of 4 bytes at address 0 lead to.
 * Where its data is, is assumed.
 *
 * <pre>
 *   0_0000H  interrupt vectors    0_0500H  data    0_8000H  stack, down    F_0000H  ROM
 * </pre>
 *
 * Source: Intel SDM vol. 3 (325384-059US), 20.1.4.
 */
final class RealModeKernel implements Kernel {
    private static final int VECTOR_BYTES = 4;
    private static final int FRAME_BYTES = 6;
    private static final long DATA = 0x500;
    private static final long STACK = 0x8000;
    private static final long ROM = 0xF_0000;
    private static final int LINE_BYTES = 64;
    private static final int FETCH_BYTES = 16;
    private static final int FETCHES = 8;
    private static final int CALL_VECTOR = 0x21;
    private static final long PAGE_BYTES = 4096;

    private final GuestMemorySpec spec;
    private final List<Vcpu> vcpus;
    private final MemoryTechnique memory;

    RealModeKernel(GuestMemorySpec spec, List<Vcpu> vcpus, MemoryTechnique memory) {
        this.spec = spec;
        this.vcpus = List.copyOf(vcpus);
        this.memory = memory;
        vcpus.forEach(vcpu -> GuestMode.REAL.boot(vcpu.registers()));
    }

    @Override
    public void premap(int vcpu, long gva) {
        if (spec.premapped()) {
            memory.back(gva & -PAGE_BYTES);
        }
    }

    @Override
    public void exception(int vcpu, int vector, long gva, boolean fault) {
        if (fault) {
            vcpus.get(vcpu).skipOperation();
        }
        Program handler = vcpus.get(vcpu).pushKernelProgram();
        handler.add(GuestOp.memory(GuestOp.READ, (long) VECTOR_BYTES * vector, VECTOR_BYTES));
        handler.add(GuestOp.memory(GuestOp.WRITE, STACK - FRAME_BYTES, FRAME_BYTES));
        for (int line = 0; line < FETCHES; line++) {
            handler.add(GuestOp.memory(GuestOp.FETCH, ROM + (long) line * LINE_BYTES, FETCH_BYTES));
        }
        handler.add(GuestOp.memory(GuestOp.READ, DATA, VECTOR_BYTES));
        handler.add(GuestOp.memory(GuestOp.WRITE, DATA + LINE_BYTES, VECTOR_BYTES));
    }

    @Override
    public void event(int vcpu, KernelEvent event, long operand) {
        if (event != KernelEvent.SYSCALL) {
            throw new IllegalStateException(event + " in real-address mode");
        }
        int call = new InterruptOperand(CALL_VECTOR, 3, false, 0).pack();
        vcpus.get(vcpu).pushKernelProgram().add(GuestOp.instruction(Instruction.INT_N, 0, call));
    }

    @Override
    public NicCounts drive(NicUse use, long gpa, BusMemory bus, FrameTimes times) {
        throw new UnsupportedOperationException("nothing drives devices in real-address mode");
    }

    @Override
    public void offline(int vcpu) {
        // nobody waits for it
    }

    /** It is all there from the beginning. */
    @Override
    public long usedBytes() {
        return spec.bytes();
    }

    @Override
    public void transfer(Snapshot snapshot) {
        memory.transfer(snapshot);
    }
}
