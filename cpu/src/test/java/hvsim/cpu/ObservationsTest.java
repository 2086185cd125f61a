package hvsim.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import hvsim.cpu.instruction.Instruction;
import org.junit.jupiter.api.Test;

class ObservationsTest {
    private static long digest(boolean shared, Instruction instruction, long value) {
        Vcpu vcpu = new Vcpu("vm", new NoProgram(), 1);
        if (shared) {
            vcpu.observations().shareTables();
        }
        vcpu.observe(instruction, value);
        return vcpu.observations().digest();
    }

    @Test
    void whereTablesAreItsOwnTheRootIsObserved() {
        assertNotEquals(
                digest(false, Instruction.MOV_FROM_CR3, 0x1000), digest(false, Instruction.MOV_FROM_CR3, 0x2000));
    }

    @Test
    void theRootOfSharedTablesDependsOnWhoMadeAProcessFirst() {
        assertEquals(digest(true, Instruction.MOV_FROM_CR3, 0x1000), digest(true, Instruction.MOV_FROM_CR3, 0x2000));
        assertNotEquals(digest(true, Instruction.MOV_FROM_CR3, 0), digest(true, Instruction.MOV_FROM_CR0, 0));
        assertNotEquals(digest(true, Instruction.MOV_FROM_CR0, 1), digest(true, Instruction.MOV_FROM_CR0, 2));
    }
}
