package hvsim.cpu.vmx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.ept.PhysicalMemory;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** VMCSs that are off by one to three changes, against a flat list of predicates. */
class EntryChecksLawTest {
    /** Mutation testing asks for fewer cases than say that each rule was met. */
    private static final int DIVISOR = Integer.getInteger("hvsim.law.divisor", 1);

    private static final int CASES = 100_000 / DIVISOR;
    private static final int CASES_OF_THE_LONG_RUN = 5_000_000;

    @ParameterizedTest
    @EnumSource
    void whatIsSaidToPassPasses(GoodVmcs kind) {
        PhysicalMemory memory = GoodVmcs.memory();
        assertEquals("", VmEntryChecks.check(kind.make(), kind.context(memory)).rule());
    }

    @Test
    void deviationsLeadToTheOutcomeOfTheOracle() {
        Set<String> broken = compare(CASES, 1);
        assertTrue(broken.size() > 150 || DIVISOR > 1, "only " + broken.size() + " different rules were broken");
    }

    @Test
    @Tag("long")
    void everyRuleDecidesSomeCaseOfTheLongRun() {
        Set<String> never = new TreeSet<>();
        for (CheckGroup group : CheckGroup.values()) {
            group.rules().forEach(rule -> never.add(rule.toString()));
        }
        never.removeAll(compare(CASES_OF_THE_LONG_RUN, 2));
        assertEquals(Set.of(), never);
    }

    private static Set<String> compare(int cases, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Deviations deviations = new Deviations(random);
        Set<String> broken = new TreeSet<>();
        PhysicalMemory memory = GoodVmcs.memory();
        for (int i = 0; i < cases; i++) {
            GoodVmcs kind = GoodVmcs.values()[random.nextInt(GoodVmcs.values().length)];
            GoodVmcs.fill(memory);
            Vmcs vmcs = kind.make();
            for (int left = 1 + random.nextInt(3); left > 0; left--) {
                deviations.apply(vmcs, memory);
            }
            boolean ia32e = kind.isUnder64BitHost() == (random.nextInt(64) != 0);
            EntryContext context = new EntryContext(VmxCapability.ALL, memory, GoodVmcs.CURRENT, ia32e);
            VmEntryOutcome outcome = VmEntryChecks.check(vmcs, context);
            String expected = NaiveEntryChecks.outcome(fields(vmcs), memory, GoodVmcs.CURRENT, ia32e);
            int number = i;
            assertEquals(expected, text(outcome), () -> "case " + number + ", " + kind + ": " + outcome.rule());
            broken.add(outcome.rule());
        }
        return broken;
    }

    private static String text(VmEntryOutcome outcome) {
        return switch (outcome.kind()) {
            case SUCCEEDS -> "ok";
            case VMFAIL_INVALID -> "VMfailInvalid";
            case VMFAIL_VALID -> "VMfail " + outcome.error().number();
            case ENTRY_FAILURE -> outcome.reason().number() + " " + outcome.qualification();
        };
    }

    private static Map<Integer, Long> fields(Vmcs vmcs) {
        Map<Integer, Long> fields = new HashMap<>();
        for (VmcsField field : VmcsField.values()) {
            fields.put(field.encoding(), vmcs.read(field));
        }
        return fields;
    }

    /** The mark of what was checked: entry after entry, with changes of fields and memory in between. */
    @Test
    void anEntryThatSkipsWhatCannotHaveChangedFindsTheSame() {
        SplittableRandom random = new SplittableRandom(3);
        Deviations deviations = new Deviations(random);
        int entered = 0;
        PhysicalMemory memory = GoodVmcs.memory();
        for (int i = 0; i < 3_000 / DIVISOR; i++) {
            GoodVmcs.fill(memory);
            GoodVmcs kind = GoodVmcs.values()[random.nextInt(GoodVmcs.values().length)];
            EntryContext context = kind.context(memory);
            Vmcs vmcs = kind.make();
            for (int entry = 0; entry < 10; entry++) {
                assertEquals(VmEntryChecks.check(vmcs, context), VmEntryChecks.checkChanged(vmcs, context));
                entered += VmEntryChecks.check(vmcs, context).succeeds() ? 1 : 0;
                deviations.apply(vmcs, memory);
            }
        }
        assertTrue(entered > 6_000 / DIVISOR, entered + " entries succeeded");
    }
}
