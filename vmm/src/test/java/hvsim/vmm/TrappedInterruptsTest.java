package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.GuestOp;
import hvsim.cpu.KernelEvent;
import hvsim.cpu.Vcpu;
import hvsim.cpu.event.TrapReason;
import hvsim.cpu.instruction.Instruction;
import hvsim.cpu.state.Registers;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.DeprivilegedSpec;
import hvsim.vmm.kernel.KernelSpec;
import hvsim.vmm.schedule.Candidate;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Interrupts of deprivileged guests: what the hypervisor takes, and what it passes on by the flags that it knows of. */
class TrappedInterruptsTest {
    private static final long TICK_CYCLES = 100_000;
    private static final long PAGE = 1L << 32;
    private static final int UNMAPS = 20;

    private static KernelSpec kernel(long timerCycles) {
        KernelSpec plain = KernelSpec.of(2, true);
        return new KernelSpec(
                plain.processes(),
                plain.pcid(),
                plain.globalPages(),
                plain.demandPaging(),
                plain.pages(),
                plain.syscallBy(),
                plain.shootdown(),
                plain.lockHoldCycles(),
                timerCycles,
                0);
    }

    private static VmSpec vm(KernelSpec kernel, long[]... programs) {
        List<VmSpec.VcpuSpec> vcpus = new ArrayList<>();
        for (int i = 0; i < programs.length; i++) {
            vcpus.add(new VmSpec.VcpuSpec(new TestMachines.WordStream(programs[i]), new Candidate(List.of(i), 1)));
        }
        return new VmSpec("vm", 64L << 20, PageSize.SIZE_4K, PageSize.SIZE_4K, false, kernel, vcpus, 1);
    }

    private static Machine machine(int cores, VmSpec... vms) {
        return new Machine(new MachineSpec(
                64L << 30,
                4,
                1,
                cores,
                TrapAndEmulateTest.core(false),
                Optional.of(TrapAndEmulateTest.hypervisor(DeprivilegedSpec.Kernel.WITH_USER, 1_000_000)),
                List.of(vms)));
    }

    private static Machine run(Machine machine) {
        assertTrue(machine.run(Long.MAX_VALUE));
        machine.checkSums();
        machine.vms().forEach(vm -> assertEquals("", vm.audit()));
        return machine;
    }

    private static long[] busy(long... first) {
        long[] words = Arrays.copyOf(first, first.length + 3_000);
        Arrays.fill(words, first.length, words.length, GuestOp.work(1_000));
        return words;
    }

    /** Each tick ends with writes of the deadline and of the end of the interrupt. */
    private static long ticks(Vcpu vcpu) {
        return vcpu.exits().details(TrapReason.TRAP_GP).getOrDefault((long) Instruction.WRMSR.ordinal(), 0L) / 2;
    }

    @Test
    void aGuestTicksThoughItsDeadlinesAreTheHypervisors() {
        Vcpu vcpu =
                run(machine(1, vm(kernel(TICK_CYCLES), busy()))).vms().get(0).vcpu(0);
        assertTrue(Math.abs(ticks(vcpu) - 30) <= 3, ticks(vcpu) + " ticks");
        assertTrue(vcpu.exits().samples(TrapReason.INTERRUPT) >= ticks(vcpu) - 1);
    }

    @Test
    void interruptsThatTheGuestHoldsBackWaitForItsSti() {
        long cli = GuestOp.instruction(Instruction.CLI, 0, 0);
        Vcpu off =
                run(machine(1, vm(kernel(TICK_CYCLES), busy(cli)))).vms().get(0).vcpu(0);
        assertTrue(ticks(off) <= 1, "CLI traps, and the hypervisor knows");
        long[] words = busy(cli);
        words[words.length / 2] = GuestOp.instruction(Instruction.STI, 0, 0);
        Vcpu on = run(machine(1, vm(kernel(TICK_CYCLES), words))).vms().get(0).vcpu(0);
        assertTrue(ticks(on) >= 10, ticks(on) + " ticks");
    }

    /** A HLT that an interrupt came before would wait for the next one, and of these there is none. */
    @Test
    void stiHoldsBackUntilHltWaitsThoughTheHypervisorIsInterruptedBetween() {
        long cli = GuestOp.instruction(Instruction.CLI, 0, 0);
        long[] words = new long[400];
        for (int i = 0; i < words.length; i += 4) {
            words[i] = cli;
            words[i + 1] = GuestOp.work(100 + 37 * i);
            words[i + 2] = GuestOp.instruction(Instruction.STI, 0, 0);
            words[i + 3] = GuestOp.instruction(Instruction.HLT, 0, 0);
        }
        Vm vm = run(machine(1, vm(kernel(70_001), words), vm(kernel(90_000), words)))
                .vms()
                .get(0);
        assertTrue(ticks(vm.vcpu(0)) >= 100);
    }

    @Test
    void aPopfThatLetsInterruptsInIsNoticedByNobody() {
        long[] words = busy(
                GuestOp.instruction(Instruction.CLI, 0, 0),
                GuestOp.instructionWithValue(Instruction.POPFQ, 0, 0),
                Registers.RFLAGS_IF);
        Vcpu vcpu = run(machine(1, vm(kernel(TICK_CYCLES), words))).vms().get(0).vcpu(0);
        assertTrue(ticks(vcpu) <= 1, "it believes that they come, and they do not");
    }

    @Test
    void processorsOfAGuestInterruptEachOther() {
        long[] unmapper = new long[3 * UNMAPS];
        for (int i = 0; i < UNMAPS; i++) {
            unmapper[3 * i] = GuestOp.memory(GuestOp.WRITE, PAGE, 8);
            unmapper[3 * i + 1] = GuestOp.event(KernelEvent.UNMAP, PAGE >>> 12);
            unmapper[3 * i + 2] = GuestOp.work(20_000);
        }
        long[] reader = new long[20_000];
        Arrays.setAll(reader, i -> i % 2 == 0 ? GuestOp.memory(GuestOp.READ, PAGE, 8) : GuestOp.work(500));
        Vm vm = run(machine(2, vm(kernel(0), unmapper, reader))).vms().get(0);
        assertTrue(vm.vcpu(1).exits().samples(TrapReason.INTERRUPT) >= UNMAPS);
        assertTrue(vm.vcpu(1).faults(14) >= UNMAPS, "each unmapped page is missed");
    }

    @Test
    void aLoadedMachineGoesOnAsTheSavedOne() throws IOException {
        Machine through = run(twoGuests());
        byte[] end = saved(through);
        Machine stepped = twoGuests();
        boolean done = false;
        for (long until = 777; !done; until += 477_777) {
            done = stepped.run(until);
            Machine resumed = twoGuests();
            resumed.transfer(Snapshot.loadingFrom(new DataInputStream(new ByteArrayInputStream(saved(stepped)))));
            resumed.run(Long.MAX_VALUE);
            assertArrayEquals(end, saved(resumed), "saved at " + until);
        }
    }

    private static Machine twoGuests() {
        long[] words = TestMachines.wander(8_000, 100, 5);
        for (int i = 97; i < words.length; i += 97) {
            if (GuestOp.kind(words[i]) != GuestOp.PSEUDO) {
                words[i] = GuestOp.instruction(i % 2 == 0 ? Instruction.CLI : Instruction.STI, 0, 0);
            }
        }
        return machine(1, vm(kernel(TICK_CYCLES), words), vm(kernel(0), TestMachines.wander(8_000, 300, 6)));
    }

    private static byte[] saved(Machine machine) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        machine.transfer(Snapshot.savingTo(new DataOutputStream(bytes)));
        return bytes.toByteArray();
    }
}
