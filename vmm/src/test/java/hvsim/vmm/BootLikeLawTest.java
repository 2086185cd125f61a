package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.ExitCounts;
import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.Vcpu;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.vmx.ExitReason;
import hvsim.tlb.PageSize;
import hvsim.vmm.cpu.HandlerSpec;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.kernel.Hypercall;
import hvsim.vmm.kernel.KernelSpec;
import hvsim.vmm.memory.shadow.ShadowSpec;
import hvsim.vmm.schedule.Policy;
import hvsim.vmm.schedule.SchedulerSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random guests that do what guests do while they boot: who has to know of each step. */
class BootLikeLawTest {
    private static final int SEEDS = 8;
    private static final long FIRST_PAGE = 1L << 32;
    private static final SchedulerSpec SCHEDULER = new SchedulerSpec(Policy.ROUND_ROBIN, 10_000_000);

    /** Four of five steps run another process, the others are one of these; pages are touched in between. */
    private static final List<KernelEvent> CHANGES = List.of(
            KernelEvent.PAGE_FAULT,
            KernelEvent.PAGE_FAULT,
            KernelEvent.MAP,
            KernelEvent.UNMAP,
            KernelEvent.PROTECT,
            KernelEvent.FORK,
            KernelEvent.EXIT);

    private static KernelEvent step(Random random) {
        return random.nextInt(5) > 0 ? KernelEvent.PROCESS_SWITCH : CHANGES.get(random.nextInt(CHANGES.size()));
    }

    private static long[] boot(int steps, Random random) {
        long[] words = new long[5 * steps];
        for (int i = 0; i < words.length; i++) {
            words[i] = i % 5 == 0
                    ? GuestOp.event(step(random), random.nextInt(4))
                    : GuestOp.memory(random.nextInt(3), FIRST_PAGE + 4096L * random.nextInt(60), 8);
        }
        return words;
    }

    private static VmSpec vm(long... words) {
        return new VmSpec(
                "vm",
                64L << 20,
                PageSize.SIZE_4K,
                PageSize.SIZE_4K,
                true,
                KernelSpec.of(4, true),
                List.of(new VmSpec.VcpuSpec(new TestMachines.WordStream(words), TestMachines.ANYWHERE)),
                1);
    }

    private static Vcpu run(MachineSpec spec) {
        Machine machine = new Machine(spec);
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        return machine.vms().get(0).vcpu(0);
    }

    private static ExitCounts exits(Optional<ShadowSpec> shadow, long... words) {
        HardwareSpec hypervisor =
                new HardwareSpec(TestMachines.FEATURES, 0, 500, Map.of(), SCHEDULER, HandlerSpec.PLAIN, shadow);
        return run(new MachineSpec(
                        64L << 30, TrapAndEmulateTest.core(false), Optional.of(hypervisor), List.of(vm(words))))
                .exits();
    }

    private static long all(ExitCounts exits) {
        long all = 0;
        for (ExitReason reason : ExitReason.values()) {
            all += exits.samples(reason);
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 300, 1_000})
    void underShadowPagingEachStepExitsAndUnderASecondStageHardlyAny(int steps) {
        for (int seed = 0; seed < SEEDS; seed++) {
            long[] words = boot(steps, new Random(seed));
            ExitCounts shadow = exits(Optional.of(new ShadowSpec(16, true, 4 << 20)), words);
            ExitCounts nested = exits(Optional.empty(), words.clone());
            String seen = "seed " + seed + ": " + all(shadow) + " and " + all(nested);
            assertTrue(all(shadow) > steps && all(shadow) > 100 * all(nested), seen);
            long faults = shadow.samples(ExitReason.EXCEPTION_NMI);
            long loads = shadow.samples(ExitReason.CR_ACCESS);
            assertTrue(faults > loads && 3 * (faults + loads) > 2 * all(shadow), seen + ", " + faults + ", " + loads);
        }
    }

    /** The returns from handlers are IRETs of their own with 32 bits; a kernel with 64 bits asks for them in addition. */
    @Test
    void aChangedKernelEntersTwiceForAPageFaultAndOnceForOneThatItIsOnlyToldOf() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Set<Long> touched = new HashSet<>();
            long told = 0;
            long[] words = new long[400];
            for (int i = 0; i < words.length; i++) {
                boolean isTold = random.nextInt(4) == 0;
                long gva = FIRST_PAGE + 4096L * random.nextInt(80);
                told += isTold ? 1 : 0;
                if (!isTold) {
                    touched.add(gva);
                }
                words[i] =
                        isTold ? GuestOp.instruction(Instruction.HLT, 3, 0) : GuestOp.memory(random.nextInt(4), gva, 8);
            }
            Vcpu vcpu = run(ParavirtualTest.paravirtual(32, vm(words)));
            long returns = ParavirtualTest.calls(vcpu, Hypercall.IRET);
            assertEquals(touched.size(), vcpu.exits().samples(TrapReason.TRAP_PF));
            assertEquals(told, vcpu.exits().samples(TrapReason.TRAP_GP));
            assertEquals(touched.size() + told, returns);
            assertEquals(touched.size(), vcpu.exits().samples(TrapReason.HYPERCALL) - returns, "seed " + seed);
        }
    }
}
