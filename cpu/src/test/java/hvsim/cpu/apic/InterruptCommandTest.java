package hvsim.cpu.apic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The interrupt command register, bit by bit, and whom a command reaches (SDM vol. 3, 10.6.1, 10.12.9, 10.12.10). */
class InterruptCommandTest {
    @ParameterizedTest
    @CsvSource({
        "0x0000000700004041, FIXED, NONE, 0x41, 7",
        "0x0000000000004400, NMI, NONE, 0, 0",
        "0x00000000000C4500, INIT, ALL_EXCLUDING_SELF, 0, 0",
        "0x000000FF0000469A, START_UP, NONE, 0x9A, 0xFF",
        "0xFFFFFFFF00084055, FIXED, ALL_INCLUDING_SELF, 0x55, -1",
        "0x0000000000044020, FIXED, SELF, 0x20, 0",
    })
    void bitsAreWhereTheManualHasThem(
            String icr, DeliveryMode mode, InterruptCommand.Shorthand shorthand, String vector, String destination) {
        long value = Long.parseUnsignedLong(icr.substring(2), 16);
        InterruptCommand command = InterruptCommand.decode(value);
        assertEquals(mode, command.mode());
        assertEquals(shorthand, command.shorthand());
        assertEquals(Integer.decode(vector), command.vector());
        assertEquals(Integer.decode(destination), command.destination());
        assertEquals(value, command.encode());
    }

    @Test
    void everyCommandThatIsAllowedComesBackFromItsRegister() {
        for (int low = 0; low < 1 << 20; low++) {
            if (ApicMsr.takes(ApicMsr.COMMAND, low)) {
                assertEquals(low, InterruptCommand.decode(low).encode());
            }
        }
        assertThrows(IllegalArgumentException.class, () -> InterruptCommand.decode(3 << 8));
    }

    @ParameterizedTest
    @CsvSource({
        "0x0000000300000041, 3", "0xFFFFFFFF00000041, 0 1 2 3 16 17", "0x0000000500040041, 1",
        "0x0000000000080041, 0 1 2 3 16 17", "0x00000000000C0041, 0 2 3 16 17", "0x0000000600000841, 1 2",
        "0x0001000300000841, 16 17", "0x0001000300000041, ''",
    })
    void itReachesWhomItNames(String icr, String reached) {
        InterruptCommand command = InterruptCommand.decode(Long.parseUnsignedLong(icr.substring(2), 16));
        StringBuilder ids = new StringBuilder();
        for (int id : new int[] {0, 1, 2, 3, 16, 17}) {
            ids.append(command.reaches(id, 1) ? " " + id : "");
        }
        assertEquals(reached, ids.toString().trim());
    }

    @Test
    void anInitThatIsTakenBackReachesNobody() {
        long init = InterruptCommand.to(InterruptCommand.Shorthand.ALL_INCLUDING_SELF, DeliveryMode.INIT, 0)
                .encode();
        assertTrue(InterruptCommand.decode(init).reaches(1, 0));
        assertFalse(InterruptCommand.decode(init & ~(1L << 14)).reaches(1, 0));
    }
}
