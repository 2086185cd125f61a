package hvsim.scenarios.expect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hvsim.scenarios.file.ExpectCheck.Mistake;
import hvsim.scenarios.file.ExpectLine;
import hvsim.scenarios.file.MeasuredNames;
import hvsim.scenarios.report.Fabricated;
import hvsim.scenarios.run.Result.Judgement;
import hvsim.scenarios.run.RunResult;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectationsTest {
    private static final MeasuredNames NAMES = new MeasuredNames(
            names("vpid_off", "vpid_on"), names("itlb", "dtlb", "stlb"), names("vm-1", "vm-2"), names("0"), names());

    private static Set<String> names(String... names) {
        return new LinkedHashSet<>(List.of(names));
    }

    private static Expectations understood(String text) {
        return new Expectations(List.of(new ExpectLine(text, "some/lab.yaml", 7, 5)), NAMES);
    }

    private static Judgement judged(String text) {
        return judged(text, Fabricated.compared().runs());
    }

    private static Judgement judged(String text, List<RunResult> runs) {
        Expectations expectations = understood(text);
        assertEquals(List.of(), expectations.mistakes());
        return expectations.judge(runs).get(0);
    }

    @Test
    void aReasonMayStandBehindATab() {
        assertEquals(
                "slowdown < 1.6", Claim.of("slowdown < 1.6\tbecause it is fast").text());
        assertEquals("slowdown < 1.6", Claim.of("slowdown < 1.6 because").text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "slowdown < 1.6",
                "slowdown>=1.2",
                "vpid_off.slowdown == 1.5",
                "vpid_off.slowdown != vpid_on.slowdown",
                "vpid_on.slowdown < vpid_off.slowdown because VPID keeps the TLB",
                "native.slowdown == 1",
                "exits.total.samples == 977",
                "exits.MSR_WRITE.samples > exits.EPT_VIOLATION.samples",
                "exits.CR_ACCESS.samples == 0",
                "exits.CR_ACCESS.details.cr3:W == 0",
                "vpid_on.exits.total.samples <= 2 * vpid_off.exits.total.samples",
                "vpid_on.exits.total.samples * 2 > vpid_off.exits.total.samples",
                "2*exits.total.samples==1954",
                "cycles.total > 13M",
                "operations == 10_000_000",
                "vpid_off.tlb.stlb.kept_exit > 95%",
                "tlb.stlb.kept_exit == 99.9%",
                "0.998 == tlb.itlb.kept_exit",
                "safety == held",
                "vpid_off.fidelity == equal",
                "vpid_on.fidelity != equal because one value differed",
                "slowdown == 1.49 within 20%",
                "slowdown < 1.48 within 2%",
                "cycles.total == native.cycles.total within 30%",
                "vms.vm-1.exits.CPUID.samples == 100",
                "tlb.dtlb.misses_per_1000 < 1",
            })
    void whatIsSoHolds(String line) {
        assertTrue(judged(line).holds(), line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "slowdown < 1.5",
                "slowdown != 1.5",
                "fidelity == equal",
                "exits.total.samples > 977",
                "slowdown == 1.49 within 0.1%",
                "slowdown < 1.4 within 1%",
                "tlb.stlb.kept_exit == 100%",
            })
    void whatIsNotSoFails(String line) {
        assertFalse(judged(line).holds(), line);
    }

    @Test
    void aLineWithoutARunsNameShowsTheFirstRunThatFails() {
        Judgement judgement = judged("fidelity == equal");
        assertEquals("vpid_on", judgement.run());
        assertEquals("differs", judgement.left());
        assertEquals("equal", judgement.right());
        assertEquals("lab.yaml", judgement.file());
        assertEquals(7, judgement.line());
    }

    @Test
    void aLineThatNamesItsRunsBelongsToNone() {
        Judgement judgement = judged("vpid_off.exits.total.samples == 10 * vpid_on.exits.total.samples");
        assertNull(judgement.run());
        assertEquals(977L, judgement.left());
        assertEquals(9770L, judgement.right());
    }

    @Test
    void whatIsUndefinedNeverHolds() {
        for (String operator : List.of("<", ">=", "==", "!=")) {
            Judgement judgement = judged("tlb.stlb.mpki " + operator + " 3");
            assertFalse(judgement.holds(), operator);
            assertNull(judgement.left());
        }
    }

    @Test
    void everyPointIsJudgedByItself() {
        RunResult one = Fabricated.compared().runs().get(1);
        List<RunResult> runs = List.of(
                Fabricated.compared().runs().get(0),
                one,
                Fabricated.atPoint(Fabricated.compared().runs().get(2), 1));
        assertEquals(1, judged("fidelity == equal", runs).point());
        assertTrue(judged("native.cycles.total < cycles.total", runs).holds());
    }

    @Test
    void withoutRunsNothingIsJudged() {
        assertEquals(List.of(), understood("slowdown < 2").judge(List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            exit.total > 1                   | 5  | no metric 'exit.total'; did you mean 'exits.total.samples'?
            exits.MSR_WRIT.samples > 1       | 5  | no metric 'exits.MSR_WRIT.samples'; did you mean 'exits.MSR_WRITE.samples'?
            1 < vpid_on.slowdow              | 9  | no metric 'vpid_on.slowdow'; did you mean 'vpid_on.slowdown'?
            shaddow.slowdown < 2             | 5  | no run 'shaddow'
            slowdown                         | 13 | no comparison
            < 3                              | 5  | a side is missing
            slowdown <                       | 15 | a side is missing
            slowdown = 3                     | 14 | '=' is no comparison
            slowdown < 3 < 4                 | 18 | a second comparison
            1 < 2                            | 5  | neither side is a metric
            slowdown + 1 < 3                 | 5  | this side has another form
            2 * 3 < slowdown                 | 5  | this side has another form
            * < slowdown                     | 5  | this side has another form
            fidelity < equal                 | 5  | words only compare by == and !=
            2 * fidelity == equal            | 9  | words only compare by == and !=
            fidelity == held                 | 17 | no such value of this metric
            fidelity == 3                    | 17 | a word and a number do not compare
            slowdown == equal                | 17 | a word and a number do not compare
            slowdown == 3 within             | 25 | within what?
            slowdown == 3 within 5           | 26 | within what?
            slowdown == 3 within 5% or so    | 26 | within what?
            because I say so                 | 21 | no comparison
            """)
    void aLineWithoutMeaningIsAMistake(String line, int column, String what) {
        List<Mistake> mistakes = understood(line).mistakes();
        assertEquals(1, mistakes.size(), line);
        assertEquals(what, mistakes.get(0).what());
        assertEquals(column, 5 + mistakes.get(0).offset());
        assertFalse(mistakes.get(0).rule().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\u0000",
                "<<<<",
                "****",
                "....",
                "native.",
                ".slowdown < 1",
                "%%% == %",
                "99999999999999999999999999999999999 < slowdown",
                "slowdown < -"
            })
    void nonsenseIsAMistakeAndNothingWorse(String line) {
        Expectations expectations = understood(line);
        assertTrue(expectations.mistakes().size() == 1
                || expectations.judge(Fabricated.compared().runs()).size() == 1);
    }

    @Test
    void aVeryLongLineIsRefusedInShortTime() {
        assertEquals(1, understood("x".repeat(1_000_000) + " < 1").mistakes().size());
    }
}
