package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hvsim.tlb.TlbTag;
import java.util.SplittableRandom;

/** A few entries, written to the machine's memory and to the oracle's, and walks by both without caches. */
final class Scene {
    private static final int DIVISOR = Integer.getInteger("hvsim.law.divisor", 1);

    private final SplittableRandom random = new SplittableRandom(1);
    private final PhysicalMemory memory = new PhysicalMemory(1L << 36);
    private final NaiveMemory oracle = new NaiveMemory();
    private final TlbTag tags = new TlbTag();
    private final Walk walk = new Walk();
    private final NestedWalker walker;
    private Setting setting;
    private int checks;
    private int translated;

    Scene(Setting first) {
        walker = new NestedWalker(memory, new WalkCaches(WalkSpec.UNCACHED), first.can(), WalkJournal.NONE);
        setting = first;
        enter(first);
    }

    void put(long hpa, int bytes, long entry) {
        oracle.write(hpa, bytes, entry);
        memory.write(hpa & -8, oracle.read(hpa & -8));
    }

    void enter(Setting newSetting) {
        setting = newSetting;
        setting.enter(walker, tags, 0, 0);
    }

    /**
     * Both end alike; nothing is said of memory, where all flags are to be set before. Mutation testing has a random
     * share of the checks made, since no step through loops of even lengths is fair.
     */
    void check(long gva, Access access) {
        checks++;
        if (random.nextInt(DIVISOR) != 0) {
            return;
        }
        Seen expected = new Oracle(oracle, setting, NaiveLog.off()).walk(gva, access);
        walker.walk(gva, access.kind(), access.rights(setting.registers()), walk);
        Seen actual = Seen.of(walk, gva);
        translated += walk.outcome() == WalkOutcome.TRANSLATED ? 1 : 0;
        if (!expected.equals(actual)) {
            assertEquals(expected.toString(), actual.toString(), () -> told(gva, access));
        }
    }

    private String told(long gva, Access access) {
        return setting + " " + access + "\n"
                + oracle.readsOf(() -> new Oracle(oracle, setting, NaiveLog.off()).walk(gva, access));
    }

    int checks() {
        return checks;
    }

    int translated() {
        return translated;
    }
}
