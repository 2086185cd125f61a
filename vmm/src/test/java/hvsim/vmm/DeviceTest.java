package hvsim.vmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.cpu.CoreSpec;
import hvsim.cpu.vmx.ExitReason;
import hvsim.ept.GuestPage;
import hvsim.multiqueue.arrival.ArrivalProcess;
import hvsim.multiqueue.arrival.PoissonArrivals;
import hvsim.multiqueue.arrival.RegularArrivals;
import hvsim.multiqueue.arrival.SyntheticFrames;
import hvsim.multiqueue.service.RandomStream;
import hvsim.multiqueue.steering.Flow;
import hvsim.multiqueue.steering.Frame;
import hvsim.tlb.PageSize;
import hvsim.tlb.Snapshot;
import hvsim.vmm.cpu.HardwareSpec;
import hvsim.vmm.device.DeviceSpec;
import hvsim.vmm.device.DeviceStats;
import hvsim.vmm.device.VmDeviceSpec;
import hvsim.vmm.host.HostSpec;
import hvsim.vmm.kernel.GuestMode;
import hvsim.vmm.kernel.KernelSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Network adapters of a bare machine, and those that a hypervisor emulates. */
class DeviceTest {
    private static final long CLOCK = 1_000_000_000L;
    private static final int FRAME_BYTES = 1000;
    private static final int REFERENCES = 400_000;
    private static final CoreSpec CORE = new CoreSpec(TestMachines.TLB, TestMachines.WALK, TestMachines.COSTS);
    private static final Set<HardwareSpec.Feature> SOFTWARE_APIC = TestMachines.FEATURES;
    private static final Set<HardwareSpec.Feature> VIRTUAL_INTERRUPTS = withVirtualInterrupts();

    private static Set<HardwareSpec.Feature> withVirtualInterrupts() {
        Set<HardwareSpec.Feature> features = EnumSet.copyOf(TestMachines.FEATURES);
        features.add(HardwareSpec.Feature.TPR_SHADOW);
        features.add(HardwareSpec.Feature.VIRTUAL_INTERRUPTS);
        return features;
    }

    private static DeviceSpec device(int number) {
        return new DeviceSpec("nic" + number, 1_000_000_000L, CLOCK, 300, 30);
    }

    private static SyntheticFrames every(long cycles) {
        return frames(new RegularArrivals(cycles));
    }

    private static SyntheticFrames frames(ArrivalProcess arrivals) {
        return new SyntheticFrames(arrivals, List.of(new Frame(FRAME_BYTES, 0, 0, Flow.NONE)), new RandomStream(1));
    }

    private static VmSpec vm(String name, int processors, VmDeviceSpec... devices) {
        return new VmSpec(
                name,
                64L << 20,
                GuestMode.LONG,
                GuestPage.KIB_4,
                PageSize.SIZE_4K,
                false,
                KernelSpec.of(1, false),
                Stream.iterate(1, seed -> seed + 1)
                        .limit(processors)
                        .map(seed -> new VmSpec.VcpuSpec(
                                new TestMachines.WordStream(TestMachines.wander(REFERENCES, 200, seed)),
                                TestMachines.ANYWHERE))
                        .toList(),
                List.of(1),
                Optional.empty(),
                List.of(devices));
    }

    private static Machine bare(VmSpec vm) {
        return new Machine(new MachineSpec(
                vm.memoryBytes(),
                4,
                1,
                vm.vcpus().size(),
                CORE,
                Optional.empty(),
                HostSpec.BARE_METAL,
                Optional.empty(),
                List.of(vm),
                List.of(device(0))));
    }

    private static Machine emulated(Set<HardwareSpec.Feature> features, int cores, VmSpec... vms) {
        return new Machine(new MachineSpec(
                64L << 30,
                4,
                1,
                cores,
                CORE,
                Optional.of(TestMachines.hardware(features, 1_000_000)),
                HostSpec.BARE_METAL,
                Optional.empty(),
                List.of(vms),
                List.of(device(0), device(1))));
    }

    private static DeviceStats stats(Machine machine, int vm) {
        return machine.vms().get(vm).devices().get(0).stats(machine.clock());
    }

    private static Machine run(Machine machine) {
        machine.run(Long.MAX_VALUE);
        machine.checkSums();
        machine.vms().forEach(vm -> assertEquals(List.of(), machine.violations(vm)));
        return machine;
    }

    @Test
    void aBareMachinesDriverTakesEachFrameSoonAfterItCame() {
        DeviceStats stats = stats(run(bare(vm("vm", 1, new VmDeviceSpec(0, every(20_000), 0)))), 0);
        assertTrue(stats.received() > 15, () -> "received " + stats.received());
        assertEquals(0, stats.drops());
        assertEquals(stats.received() * FRAME_BYTES, stats.bytes());
        assertEquals(stats.received(), stats.interrupts(), "frames come alone");
        long line = 8 * (FRAME_BYTES + 24);
        assertTrue(stats.latencies().quantileCycles(0.5) > line, "a frame is on the line for some time");
        assertTrue(
                stats.latencies().longestCycles() < line + 5_000,
                () -> "" + stats.latencies().longestCycles());
    }

    @Test
    void eachAccessOfAnEmulatedOneExits() {
        DeviceStats stats =
                stats(run(emulated(SOFTWARE_APIC, 1, vm("vm", 1, new VmDeviceSpec(0, every(50_000), 0)))), 0);
        long frames = stats.received();
        assertTrue(frames > 6, () -> "received " + frames);
        long setUp = 12;
        // ICR, IMC and STATUS; IMS and STATUS; RDT for each sixteen
        assertEquals(setUp + 5 * frames + frames / 16, stats.exits().get(ExitReason.EPT_MISCONFIG));
        long interrupts = stats.exits().get(ExitReason.EXTERNAL_INTERRUPT);
        assertTrue(interrupts <= frames && interrupts > frames / 2, "some come while the hypervisor has the core");
        assertEquals(frames, stats.exits().get(ExitReason.MSR_WRITE), "the end of each interrupt");
    }

    @Test
    void repliesLeaveByTheRealAdapter() {
        Machine machine = run(emulated(SOFTWARE_APIC, 1, vm("vm", 1, new VmDeviceSpec(0, every(50_000), 64))));
        DeviceStats stats = stats(machine, 0);
        assertEquals(stats.received(), stats.sent());
        assertEquals(stats.received() * (FRAME_BYTES + 64), stats.bytes());
        assertTrue(stats.exits().get(ExitReason.EPT_MISCONFIG) > 11 * stats.received(), "a TDT, and an interrupt more");
    }

    @Test
    void hardwareThatDeliversInterruptsSavesTheirEnds() {
        DeviceStats stats =
                stats(run(emulated(VIRTUAL_INTERRUPTS, 1, vm("vm", 1, new VmDeviceSpec(0, every(50_000), 0)))), 0);
        assertEquals(null, stats.exits().get(ExitReason.MSR_WRITE));
    }

    @Test
    void whatProgramsSeeIsWhatTheySeeNatively() {
        Machine natively = run(bare(vm("vm", 1, new VmDeviceSpec(0, every(90_000), 64))));
        Machine virtually = run(emulated(SOFTWARE_APIC, 1, vm("vm", 1, new VmDeviceSpec(0, every(90_000), 64))));
        assertEquals(
                natively.vms().get(0).vcpu(0).observations().digest(),
                virtually.vms().get(0).vcpu(0).observations().digest());
    }

    private static Machine two() {
        return emulated(
                SOFTWARE_APIC,
                2,
                vm("a", 2, new VmDeviceSpec(0, frames(new PoissonArrivals(60_000, new RandomStream(7))), 64)),
                vm("b", 1, new VmDeviceSpec(1, frames(new PoissonArrivals(90_000, new RandomStream(8))), 0)));
    }

    @Test
    void aSavedMachineWithDevicesGoesOnAsItWould() throws IOException {
        Machine through = two();
        run(through);
        byte[] end = saved(through);
        Machine stepped = two();
        boolean done = false;
        for (long until = 777; !done; until += 1_377_777) {
            done = stepped.run(until);
            Machine resumed = two();
            resumed.transfer(Snapshot.loadingFrom(new DataInputStream(new ByteArrayInputStream(saved(stepped)))));
            run(resumed);
            assertArrayEquals(end, saved(resumed), "saved at " + until);
        }
    }

    private static byte[] saved(Machine machine) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        machine.transfer(Snapshot.savingTo(new DataOutputStream(bytes)));
        return bytes.toByteArray();
    }
}
