package hvsim.vmm;

import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.apic.ApicMsr;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Registers;
import hvsim.ept.GuestPage;
import hvsim.tlb.PageSize;
import hvsim.vmm.kernel.GuestMode;
import hvsim.vmm.kernel.KernelSpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A VM by a seed: how its kernel is made, one to three virtual processors, and on each a program of any instructions,
 * references and kernel events. The same seed is the same guest, at its beginning.
 */
final class RandomGuest {
    private static final int OPERATIONS = 200;
    private static final long FIRST_PAGE = 1L << 32;
    private static final int PAGES = 30;

    /** Of linear addresses of 32 bits. */
    private static final long FIRST_LEGACY_PAGE = 1L << 28;

    private static final Set<KernelEvent> EVENTS =
            EnumSet.range(KernelEvent.PROCESS_SWITCH, KernelEvent.INTERRUPTS_OFF);

    /** Where a forged entry leads natively nobody can tell; who refuses it leaves none. */
    private static final Set<KernelEvent> FORGERIES = EnumSet.of(KernelEvent.FOREIGN_FRAME, KernelEvent.BEYOND_MEMORY);

    /** Whose eye its instructions are under. */
    enum Kernel {
        /** All that it executes comes to somebody who sees to it, or has a processor of its own. */
        AS_IT_IS(true, true),
        /** Its kernel's code alone is seen to: its users leave what is sensitive to that. */
        TRANSLATED(false, true),
        /** And its kernel knows its hypervisor, which makes no forged entry. */
        CHANGED(false, false);

        private final boolean usersAreSensitive;
        private final boolean forges;

        Kernel(boolean usersAreSensitive, boolean forges) {
            this.usersAreSensitive = usersAreSensitive;
            this.forges = forges;
        }
    }

    /** What a guest does by it, a bare processor does not know. */
    private static final Set<Instruction> ASKS_THE_HYPERVISOR = EnumSet.of(Instruction.VMCALL);

    /**
     * Who takes no interrupts, or has no table for them, keeps the others waiting for ever; and where an interrupt finds
     * no handler is a matter of time. Natively too.
     */
    private static final Set<Instruction> SPOILS_INTERRUPTS = EnumSet.of(
            Instruction.LIDT,
            Instruction.LGDT,
            Instruction.LLDT,
            Instruction.LTR,
            Instruction.CLI,
            Instruction.POPF,
            Instruction.POPFD,
            Instruction.POPFQ,
            Instruction.IRET,
            Instruction.HLT,
            Instruction.MOV_TO_CR8,
            Instruction.WRMSR,
            Instruction.WRMSRNS,
            Instruction.WRMSRNS_IMMEDIATE,
            Instruction.WRMSRLIST);

    /** Without IA-32e mode they turn paging off, load another CR3, or lead to virtual-8086 mode and other tasks. */
    private static final Set<Instruction> LEAVES_LEGACY_MODE = EnumSet.of(
            Instruction.MOV_TO_CR0,
            Instruction.MOV_TO_CR3,
            Instruction.IRET,
            Instruction.INT_N,
            Instruction.JMP_FAR,
            Instruction.CALL_FAR);

    /** VMX operation is not offered to guests, and protection keys, SMEP and SMAP tell the kernel's pages by their U/S. */
    private static final long CR4_CHANGES = Registers.CR4_TSD
            | Registers.CR4_DE
            | Registers.CR4_PGE
            | Registers.CR4_PCE
            | Registers.CR4_UMIP
            | Registers.CR4_OSXSAVE
            | Registers.CR4_MCE;

    private final Random random;
    private final List<Instruction> instructions;
    private final int vcpus;
    private final GuestMode mode;
    private final boolean hasPcid;
    private final Kernel kernel;
    private final List<KernelEvent> events;

    private RandomGuest(long seed, GuestMode mode, Kernel kernel) {
        this.random = new Random(seed);
        this.mode = mode;
        this.kernel = kernel;
        Set<KernelEvent> possible = EnumSet.copyOf(EVENTS);
        possible.removeAll(kernel.forges ? Set.of() : FORGERIES);
        this.events = List.copyOf(possible);
        this.vcpus = Math.max(1, random.nextInt(6) - 2);
        this.hasPcid = random.nextBoolean() && !mode.isLegacy();
        Set<Instruction> all = EnumSet.allOf(Instruction.class);
        all.removeAll(ASKS_THE_HYPERVISOR);
        if (mode.isLegacy()) {
            all.removeAll(LEAVES_LEGACY_MODE);
        }
        if (vcpus > 1) {
            all.removeAll(SPOILS_INTERRUPTS);
        }
        this.instructions = List.copyOf(all);
    }

    static VmSpec of(long seed, GuestMode mode, Kernel kernel) {
        return new RandomGuest(seed, mode, kernel).vm();
    }

    private VmSpec vm() {
        KernelSpec kernelSpec = new KernelSpec(
                1 + random.nextInt(3),
                hasPcid,
                random.nextBoolean(),
                random.nextBoolean(),
                1 + random.nextInt(4),
                random.nextBoolean() && !mode.isLegacy()
                        ? KernelSpec.SyscallBy.SYSCALL
                        : KernelSpec.SyscallBy.INTERRUPT,
                new KernelSpec.Shootdowns(random.nextInt(6), random.nextBoolean()),
                300,
                0,
                3_000);
        boolean premapped = random.nextBoolean();
        PageSize hostPage = random.nextBoolean() ? PageSize.SIZE_4K : PageSize.SIZE_2M;
        List<VmSpec.VcpuSpec> programs = new ArrayList<>();
        for (int vcpu = 0; vcpu < vcpus; vcpu++) {
            programs.add(new VmSpec.VcpuSpec(new TestMachines.WordStream(program()), TestMachines.ANYWHERE));
        }
        return new VmSpec("a", 64L << 20, mode, GuestPage.KIB_4, hostPage, premapped, kernelSpec, programs, List.of(1));
    }

    private long[] program() {
        List<Long> words = new ArrayList<>();
        for (int i = 0; i < OPERATIONS; i++) {
            add(words);
        }
        return words.stream().mapToLong(Long::longValue).toArray();
    }

    private void add(List<Long> words) {
        int kind = random.nextInt(20);
        if (kind < 10) {
            addInstruction(words, instructions.get(random.nextInt(instructions.size())));
        } else if (kind < 18) {
            long gva = firstPage() + 4096L * random.nextInt(PAGES);
            words.add(GuestOp.premap(gva));
            words.add(GuestOp.memory(random.nextInt(4), gva + random.nextInt(4096 - 16), 1 + random.nextInt(16)));
        } else {
            words.add(GuestOp.event(events.get(random.nextInt(events.size())), pageOrProcess()));
        }
    }

    private long pageOrProcess() {
        return (firstPage() >>> 12) + random.nextInt(PAGES);
    }

    private void addInstruction(List<Long> words, Instruction instruction) {
        int operand = operand(instruction);
        boolean isUsers = random.nextInt(4) == 0 && (kernel.usersAreSensitive || !instruction.isFixed());
        int cpl = isUsers ? 3 : 0;
        if (random.nextBoolean()) {
            words.add(GuestOp.instruction(instruction, cpl, operand));
        } else {
            words.add(GuestOp.instructionWithValue(instruction, cpl, operand));
            words.add(value(instruction));
        }
    }

    /**
     * CR3 stays, and so do the modes that the guest's kernel and the hypervisors need; a kernel that is single-stepped
     * takes its own operations for faulty.
     */
    private long value(Instruction instruction) {
        return switch (instruction) {
            case MOV_TO_CR4 ->
                random.nextInt(4) == 0
                        ? 1L << 40
                        : (paging() | Registers.CR4_PGE | pcid()) ^ random.nextLong() & CR4_CHANGES;
            case POPF, POPFD, POPFQ, IRET -> random.nextLong() & ~Registers.RFLAGS_TF;
            default -> EveryInstructionTest.value(instruction, random);
        };
    }

    private long firstPage() {
        return mode.isLegacy() ? FIRST_LEGACY_PAGE : FIRST_PAGE;
    }

    private long paging() {
        return mode == GuestMode.BITS_32 ? Registers.CR4_PSE : Registers.CR4_PAE;
    }

    /** A kernel whose processes have numbers loads CR3 as only it may. */
    private long pcid() {
        return hasPcid ? Registers.CR4_PCIDE : 0;
    }

    /** Deadlines make time an observation. */
    private int operand(Instruction instruction) {
        int operand = EveryInstructionTest.operand(instruction, random);
        return operand == ApicMsr.TSC_DEADLINE ? ApicMsr.TASK_PRIORITY : operand;
    }
}
