package hvsim.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.HostState;
import hvsim.cpu.state.Registers;
import hvsim.ept.GuestEntry;
import hvsim.ept.PageTable;
import hvsim.ept.PhysicalMemory;
import hvsim.ept.WalkSpec;
import hvsim.tlb.PageSize;
import hvsim.tlb.SetIndex;
import hvsim.tlb.TlbSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A core whose hypervisor deprivileges its guest, and does nothing but what a test tells it. */
final class DeprivilegedCore {
    static final long ROOT = 0x10_0000;
    static final long OTHER_ROOT = 0x20_0000;
    static final long GVA = 0x40_0000;
    static final long SUPERVISOR_GVA = 0x40_1000;
    static final long READ = GuestOp.memory(GuestOp.READ, GVA, 8);
    static final int TRAP = 600;
    static final int RETURN = 300;
    static final HostState HOST = new HostState(
            new Registers().cr0 | Registers.CR0_TS,
            ROOT,
            Registers.CR4_PAE | Registers.CR4_PGE | Registers.CR4_TSD,
            new Registers().efer,
            0xFFFF_8000_0000_1000L,
            0xFFFF_8000_0000_2000L,
            0xE050,
            0xE040);

    private DeprivilegedCore() {}

    static Core of(GuestRing ring, boolean fixed, long... program) {
        PhysicalMemory memory = new PhysicalMemory(1L << 30);
        TlbSpec tlb = new TlbSpec(
                List.of(new TlbSpec.Part(
                        "tlb", 1, TlbSpec.Holds.ALL, Set.of(PageSize.SIZE_4K), 64, 4, SetIndex.MASK, 0)),
                false);
        CostModel costs = new CostModel(0, 0, 900, TRAP, RETURN, 10, 500, Map.of(Instruction.SYSCALL, 50));
        CoreSpec spec = new CoreSpec(tlb, WalkSpec.UNCACHED, costs, Optional.empty(), WalkOverlap.NONE, fixed);
        Core core = new Core(spec, memory);
        for (long root : new long[] {ROOT, OTHER_ROOT}) {
            map(memory, root, GVA, GuestEntry.USER);
            map(memory, root, SUPERVISOR_GVA, 0);
        }
        core.load(new Vcpu("guest", new Words(program), 1));
        core.vcpu().registers().rflags |= Registers.RFLAGS_IF;
        core.deprivileging().start(HOST, ring);
        return core;
    }

    private static void map(PhysicalMemory memory, long root, long gva, long rights) {
        PageTable table = PageTable.ofMachine(memory, root);
        long next = root + 0x1000;
        for (int level = table.missingTable(gva, PageSize.SIZE_4K); level != 0; next += 0x1000) {
            table.link(gva, level, next, true);
            level = table.missingTable(gva, PageSize.SIZE_4K);
        }
        long flags = rights | GuestEntry.WRITE | GuestEntry.ACCESSED | GuestEntry.DIRTY;
        table.setLeaf(gva, PageSize.SIZE_4K, GuestEntry.leaf(root + (gva & 0xF000), PageSize.SIZE_4K, flags));
    }

    static RunOutcome goBack(Core core, long... before) {
        Program program = core.transitions().hostProgram().clear();
        for (int i = 0; i < before.length; i += 2) {
            program.add(before[i], before[i + 1]);
        }
        program.add(GuestOp.instruction(Instruction.IRET, 0, 0));
        return core.run(Long.MAX_VALUE);
    }

    static Trap trapOf(Core core) {
        assertEquals(RunOutcome.TRAP, goBack(core));
        return core.deprivileging().trap();
    }

    static long observed(Core core) {
        assertEquals(RunOutcome.PROGRAM_END, goBack(core));
        return core.vcpu().observations().at(0).value();
    }
}
