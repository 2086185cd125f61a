package hvsim.cpu.vmx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.ept.EptPointer;
import hvsim.ept.PhysicalMemory;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which EPT pointer VM function 0 takes, and what it leaves in the VMCS (SDM vol. 3, 325384-059US, 25.5.5.3). */
class EptpSwitchingTest {
    private static final long LIST = 0x5000;
    private static final long EPTP = EptPointer.pack(0x7000, 4, false);

    private final PhysicalMemory memory = new PhysicalMemory(1 << 20);
    private final Vmcs vmcs = new Vmcs();

    private OptionalLong pointer(int index) {
        return EptpSwitching.pointer(vmcs, index, memory, VmxCapability.ALL);
    }

    private void enable() {
        vmcs.set(VmxControl.ACTIVATE_SECONDARY_CONTROLS, true);
        vmcs.set(VmxControl.ENABLE_VM_FUNCTIONS, true);
        vmcs.set(VmxControl.EPTP_SWITCHING, true);
        vmcs.write(VmcsField.EPTP_LIST_ADDRESS, LIST);
    }

    @ParameterizedTest
    @CsvSource({"0, true", "511, true", "512, false", "-1, false"})
    void aListHas512Entries(int index, boolean taken) {
        enable();
        memory.write(LIST + 8L * (index & 1023), EPTP);
        assertEquals(taken ? OptionalLong.of(EPTP) : OptionalLong.empty(), pointer(index));
    }

    @Test
    void withoutTheControlNoneIsTaken() {
        memory.write(LIST, EPTP);
        vmcs.write(VmcsField.EPTP_LIST_ADDRESS, LIST);
        assertEquals(OptionalLong.empty(), pointer(0));
    }

    @Test
    void aPointerThatIsNotValidIsNotTaken() {
        enable();
        memory.write(LIST, EPTP | 1 << 11);
        assertEquals(OptionalLong.empty(), pointer(0));
    }

    @Test
    void theVmcsHasThePointerAndItsIndexAfterwards() {
        EptpSwitching.record(vmcs, 3, EPTP);
        assertEquals(EPTP, vmcs.read(VmcsField.EPT_POINTER));
        assertEquals(3, vmcs.read(VmcsField.EPTP_INDEX));
    }
}
