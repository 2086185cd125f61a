package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.CoreSpec;
import hvsim.cpu.CyclePart;
import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.Tally;
import hvsim.cpu.Vcpu;
import hvsim.cpu.WalkOverlap;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.ept.WalkSpec;
import hvsim.vmm.cpu.DeprivilegedSpec;
import hvsim.vmm.memory.shadow.ShadowSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A processor without page walker, with a hypervisor and without one. */
class SoftwareFillTest {
    private static final int MISS = 40;
    private static final int PAGES = 200;

    private static CoreSpec core(int missCycles) {
        return new CoreSpec(
                TestMachines.TLB,
                WalkSpec.UNCACHED,
                TestMachines.COSTS,
                Optional.empty(),
                WalkOverlap.NONE,
                true,
                OptionalInt.of(missCycles));
    }

    private static Machine bare(int missCycles, VmSpec vm) {
        return new Machine(new MachineSpec(vm.memoryBytes(), core(missCycles), Optional.empty(), List.of(vm)));
    }

    private static Machine deprivileged(VmSpec... vms) {
        DeprivilegedSpec shadowing = TrapAndEmulateTest.hypervisor(DeprivilegedSpec.Kernel.WITH_USER, 50_000);
        DeprivilegedSpec filling = new DeprivilegedSpec(
                DeprivilegedSpec.Kernel.WITH_USER,
                shadowing.dispatchCycles(),
                shadowing.cycles(),
                shadowing.scheduler(),
                new ShadowSpec(3, true, 1 << 20),
                true);
        return new Machine(new MachineSpec(64L << 30, core(MISS), Optional.of(filling), List.of(vms)));
    }

    private static Vcpu run(Machine machine) {
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        machine.vms().forEach(vm -> assertEquals("", vm.audit()));
        return machine.vms().get(0).vcpu(0);
    }

    private static VmSpec vm(String name, long... words) {
        return TestMachines.vm(name, true, 3, words);
    }

    /** References, and all that a kernel does to tables in between. */
    private static long[] busy(long seed) {
        KernelEvent[] events = {
            KernelEvent.PROCESS_SWITCH,
            KernelEvent.MAP,
            KernelEvent.UNMAP,
            KernelEvent.PROTECT,
            KernelEvent.FORK,
            KernelEvent.EXEC,
            KernelEvent.EXIT,
            KernelEvent.PAGE_FAULT,
            KernelEvent.SYSCALL
        };
        Random random = new Random(seed);
        long[] words = new long[3_000];
        for (int i = 0; i < words.length; i++) {
            long gva = (1L << 32) + 4096L * random.nextInt(PAGES) + 8L * random.nextInt(512);
            words[i] = switch (random.nextInt(30)) {
                case 0 -> GuestOp.event(events[random.nextInt(events.length)], gva >>> 12);
                case 1 -> GuestOp.instruction(Instruction.MOV_FROM_CR3, 0, 0);
                default -> GuestOp.memory(random.nextInt(4), gva, 8);
            };
        }
        return words;
    }

    @Test
    void aGuestSeesWhatItSeesWithoutHypervisor() {
        for (long seed = 0; seed < 20; seed++) {
            Vcpu natively = run(bare(MISS, vm("vm", busy(seed))));
            Vcpu here = run(deprivileged(vm("vm", busy(seed)), vm("other", busy(seed + 100))));
            assertEquals(natively.observations().digest(), here.observations().digest(), "seed " + seed);
            assertEquals(natively.operations(), here.operations());
        }
    }

    @Test
    void nativelyAMissTakesTheHandlerAndAReferenceForEachLevel() {
        long[] words = TestMachines.wander(2_000, PAGES, 3);
        Tally quick = run(bare(0, vm("vm", words))).total();
        Tally slow = run(bare(MISS, vm("vm", words.clone()))).total();
        long walks = slow.core().walks().translated() + slow.core().walks().stopped();
        assertEquals(walks * MISS, slow.cycles(CyclePart.GUEST_WALK) - quick.cycles(CyclePart.GUEST_WALK));
        assertTrue(quick.core().walks().guestReferences()
                >= 4 * quick.core().walks().translated());
    }

    @Test
    void everyMissOfAGuestTrapsAndNoHardwareWalksForIt() {
        Vcpu vcpu = run(deprivileged(TestMachines.vm("vm", false, 1, TestMachines.wander(2_000, PAGES, 3))));
        Tally tally = vcpu.total();
        assertTrue(tally.exits().samples(TrapReason.TLB_MISS) >= PAGES);
        assertEquals(0, tally.exits().samples(TrapReason.TRAP_PF));
        assertEquals(0, tally.core().walks().guestReferences());
        assertEquals(0, tally.cycles(CyclePart.GUEST_WALK));
    }

    @Test
    void anAddressThatIsNoneIsAProtectionFaultOfTheGuests() {
        long[] words = new long[10];
        Arrays.fill(words, GuestOp.memory(GuestOp.READ, 1L << 50, 8));
        Vcpu natively = run(bare(MISS, vm("vm", words)));
        Vcpu here = run(deprivileged(vm("vm", words.clone())));
        assertEquals(natively.observations().digest(), here.observations().digest());
        assertEquals(10, here.faults(13));
    }
}
