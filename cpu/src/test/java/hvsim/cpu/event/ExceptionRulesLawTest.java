package hvsim.cpu.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import hvsim.cpu.state.ExceptionVector;
import hvsim.cpu.vmx.InterruptionInfo;
import hvsim.cpu.vmx.InterruptionType;
import hvsim.cpu.vmx.Vmcs;
import hvsim.cpu.vmx.VmcsField;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Exceptions against sentences of SDM vol. 3: tables 6-4 and 6-5, 25.2, 24.8.3. */
class ExceptionRulesLawTest {
    private static final int STEPS = 200_000 / Integer.getInteger("hvsim.law.divisor", 1);
    private static final Set<Integer> CONTRIBUTORY = Set.of(0, 10, 11, 12, 13, 21);
    private static final Set<Integer> PAGE_FAULTS = Set.of(14, 20);

    private final Random random = new Random(6_15);

    @Test
    void anExceptionExitsByItsBitAndAPageFaultByItsErrorCodeToo() {
        for (int step = 0; step < STEPS; step++) {
            Vmcs vmcs = new Vmcs();
            int bitmap = random.nextInt();
            int mask = random.nextInt(4) == 0 ? 0 : random.nextInt(32);
            int match = random.nextInt(3) == 0 ? 0 : random.nextInt(32);
            vmcs.write(VmcsField.EXCEPTION_BITMAP, bitmap & 0xFFFF_FFFFL);
            vmcs.write(VmcsField.PAGE_FAULT_ERROR_CODE_MASK, mask);
            vmcs.write(VmcsField.PAGE_FAULT_ERROR_CODE_MATCH, match);
            ExceptionVector vector = ExceptionVector.values()[random.nextInt(ExceptionVector.values().length)];
            int error = random.nextInt(32);
            boolean expected = (bitmap >> vector.number() & 1) == 1;
            if (vector.number() == 14 && (error & mask) != match) {
                expected = !expected;
            }
            assertEquals(expected, ExceptionRules.exits(Event.exception(vector, error), vmcs));
        }
    }

    @Test
    void theBitmapCountsForInt3AndNotForIntN() {
        Vmcs vmcs = new Vmcs();
        vmcs.write(VmcsField.EXCEPTION_BITMAP, 0xFFFF_FFFFL);
        for (InterruptionType type : InterruptionType.values()) {
            if (type == InterruptionType.OTHER_EVENT) {
                continue;
            }
            Event event = new Event(type, 3, Event.NO_ERROR_CODE, 0, type.isSoftware() ? 1 : 0);
            boolean exception = type.number() == 3 || type.number() == 5 || type.number() == 6;
            assertEquals(exception, ExceptionRules.exits(event, vmcs), type.name());
        }
        assertFalse(ExceptionRules.exits(Event.software(InterruptionType.SOFTWARE_INTERRUPT, 0x80, 2), vmcs));
    }

    @Test
    void twoExceptionsAreWhatTheTableSays() {
        for (ExceptionVector first : ExceptionVector.values()) {
            for (ExceptionVector second : ExceptionVector.values()) {
                assertEquals(
                        combination(first.number(), second.number()),
                        ExceptionRules.combine(Event.exception(first, 0), Event.exception(second, 0))
                                .name(),
                        first + " then " + second);
            }
        }
    }

    private static String combination(int first, int second) {
        boolean harmful = CONTRIBUTORY.contains(second) || PAGE_FAULTS.contains(second) || second == 8;
        if (first == 8) {
            return harmful ? "TRIPLE_FAULT" : "SERIAL";
        }
        if (CONTRIBUTORY.contains(first)) {
            return CONTRIBUTORY.contains(second) ? "DOUBLE_FAULT" : "SERIAL";
        }
        return PAGE_FAULTS.contains(first) && harmful ? "DOUBLE_FAULT" : "SERIAL";
    }

    @Test
    void interruptsAndSoftwareEventsAreBenign() {
        Event gp = Event.exception(ExceptionVector.GENERAL_PROTECTION, 0);
        assertEquals(ExceptionRules.Combination.SERIAL, ExceptionRules.combine(Event.interrupt(13), gp));
        assertEquals(ExceptionRules.Combination.SERIAL, ExceptionRules.combine(Event.nmi(), gp));
        Event intN = Event.software(InterruptionType.SOFTWARE_INTERRUPT, 13, 2);
        assertEquals(ExceptionRules.Combination.SERIAL, ExceptionRules.combine(intN, gp));
    }

    @Test
    void interruptionInformationIsPackedAsTheTableSays() {
        for (int step = 0; step < 10_000; step++) {
            int vector = random.nextInt(256);
            boolean error = random.nextBoolean();
            InterruptionType type = InterruptionType.values()[random.nextInt(7)];
            long info = InterruptionInfo.pack(type, vector, error);
            assertEquals(0x8000_0000L + (error ? 0x800 : 0) + 0x100L * type.number() + vector, info);
            assertEquals(vector, InterruptionInfo.vector(info));
            assertEquals(type, InterruptionInfo.type(info));
            assertEquals(error, InterruptionInfo.hasErrorCode(info));
        }
    }
}
