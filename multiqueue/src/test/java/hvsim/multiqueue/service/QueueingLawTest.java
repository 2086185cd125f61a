package hvsim.multiqueue.service;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of queues in closed form lies within the 99 % confidence interval that the run itself gives. */
class QueueingLawTest {
    private static final int DIVISOR = Integer.getInteger("hvsim.law.divisor", 1);

    private static QueueModel model(String name) {
        return switch (name) {
            case "M/M/1, half full" -> QueueModel.mm1(0.5);
            case "M/M/1, busy" -> QueueModel.mm1(0.9);
            case "M/D/1, half full" -> QueueModel.md1(0.5);
            case "M/D/1, busy" -> QueueModel.md1(0.9);
            case "M/M/4, half full" -> QueueModel.mmc(4, 0.6);
            case "M/M/4, busy" -> QueueModel.mmc(4, 0.9);
            case "M/M/1/5" -> QueueModel.mm1k(0.8, 5);
            case "M/M/1/10, flooded" -> QueueModel.mm1k(1.5, 10);
            default -> throw new IllegalArgumentException(name);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "'M/M/1, half full', 100000",
        "'M/D/1, half full', 50000",
        "'M/M/4, half full', 240000",
        "M/M/1/5, 100000",
    })
    void meansAreThoseOfTheClosedForm(String name, int arrivalsPerBatch) {
        check(model(name), 1, arrivalsPerBatch / DIVISOR, 0.01 * Math.sqrt(DIVISOR));
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({
        "'M/M/1, busy', 1200000",
        "'M/D/1, busy', 500000",
        "'M/M/4, busy', 1200000",
        "'M/M/1/10, flooded', 300000",
    })
    void meansOfBusyQueuesAreThoseOfTheClosedForm(String name, int arrivalsPerBatch) {
        check(model(name), 1, arrivalsPerBatch, 0.01);
    }

    /** Of 100 seeds about 99 intervals cover the truth: fewer than 95 do once in 600 tries, were the intervals right. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"M/M/1, half full", "M/D/1, half full", "M/M/4, half full", "M/M/1/5"})
    void theIntervalsCoverAsOftenAsTheySay(String name) {
        QueueModel model = model(name);
        Map<String, Integer> covered = new TreeMap<>();
        for (int seed = 1; seed <= 100; seed++) {
            QueueModel.Measured measured = model.run(seed, 20_000);
            covered.merge("wait", measured.waiting().covers(model.waiting()) ? 1 : 0, Integer::sum);
            covered.merge("utilisation", measured.utilisation().covers(model.utilisation()) ? 1 : 0, Integer::sum);
            covered.merge("loss", measured.loss().covers(model.loss()) ? 1 : 0, Integer::sum);
        }
        assertTrue(covered.values().stream().allMatch(c -> c >= 95), () -> "covered: " + covered);
    }

    private static void check(QueueModel model, long seed, int arrivalsPerBatch, double error) {
        QueueModel.Measured measured = model.run(seed, arrivalsPerBatch);
        covers("wait", measured.waiting(), model.waiting(), error);
        covers("utilisation", measured.utilisation(), model.utilisation(), error);
        if (model.loss() > 0) {
            covers("loss", measured.loss(), model.loss(), error);
        }
    }

    private static void covers(String what, BatchMeans measured, double expected, double error) {
        assertTrue(measured.covers(expected), () -> what + " " + measured + ", where " + expected + " is right");
        assertTrue(measured.relativeError() <= error, () -> what + " is known to " + measured.relativeError());
    }
}
