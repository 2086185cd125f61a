package hvsim.cpu.vmx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Capability MSRs, bit by bit (SDM vol. 3, appendix A). */
class VmxCapabilityTest {
    @ParameterizedTest
    @CsvSource({
        "0x480, 0x00D8100000000001",
        "0x481, 0x000000FF00000016",
        "0x482, 0xFFFBFFFE0401E172",
        "0x483, 0x00FFFFFF00036DFF",
        "0x484, 0x0001F3FF000011FF",
        "0x485, 0x600401E5",
        "0x486, 0x80000021",
        "0x487, 0xFFFFFFFF",
        "0x488, 0x2000",
        "0x489, 0x777FFF",
        "0x48A, 0x42",
        "0x48B, 0x06D77FFF00000000",
        "0x48D, 0x000000FF00000016",
        "0x48E, 0xFFFBFFFE04006172",
        "0x48F, 0x00FFFFFF00036DFB",
        "0x490, 0x0001F3FF000011FB",
        "0x491, 1",
        "0x492, 0x10",
    })
    void capabilityMsrsTellWhatIsImplemented(String msr, String value) {
        assertEquals(
                Long.toHexString(Long.parseUnsignedLong(value.replace("0x", ""), 16)),
                Long.toHexString(VmxCapability.ALL.msr(Integer.decode(msr))));
    }

    @Test
    void whatIsPastTheLastIsNoCapabilityMsr() {
        assertThrows(IllegalArgumentException.class, () -> VmxCapability.ALL.msr(0x493));
    }
}
