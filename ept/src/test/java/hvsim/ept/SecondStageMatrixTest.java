package hvsim.ept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every combination of R, W, X and (with mode-based execution) user X at the levels of the second stage, for what each
 * kind of access needs of the page, and for what a walk needs of the guest's tables, with and without execute-only and
 * accessed and dirty flags (SDM vol. 3, 28.2.3), against the oracle.
 */
class SecondStageMatrixTest {
    private static final long USER_PAGE = 0x1234_5678L;
    private static final long SUPERVISOR_PAGE = USER_PAGE + (1L << 30);
    private static final long EPT_ROOT = 0x1_0000;
    private static final long TABLES_HPA = 0x4000_0000L;

    /** The path that varies is that of the first pages from here. */
    private static final long VARIED_GPA = 1L << 39;

    private static final long OTHER_GPA = 0;
    private static final int ACCESSED_DIRTY = 1;
    private static final int MODE_BASED = 1 << 1;
    private static final int TABLES_VARY = 1 << 2;
    private static final int WITHOUT_EXECUTE_ONLY = 1;
    private static final int FLAGS = 3 << 8;
    private static final int ALL_RIGHTS = 15;
    private static final List<Access> ACCESSES = Combinations.accesses();

    private static final List<Integer> ALL_CAPABILITIES = List.of(0, 1, 2, 3);
    private static final List<Integer> ALL_CONTROLS = List.of(0, 1, 2, 3, 4, 5, 6, 7);

    @Test
    void oneLevelDeviatesOnEveryProcessor() {
        matrix(1, ALL_CAPABILITIES, ALL_CONTROLS);
    }

    @Test
    void upToTwoLevelsDeviate() {
        matrix(2, List.of(0), ALL_CONTROLS);
    }

    @Test
    @Tag("long")
    void upToTwoLevelsDeviateWithoutExecuteOnly() {
        matrix(2, List.of(WITHOUT_EXECUTE_ONLY), ALL_CONTROLS);
    }

    @Test
    @Tag("long")
    void allLevelsDeviateWithModeBasedExecution() {
        matrix(4, List.of(0), List.of(MODE_BASED, MODE_BASED | TABLES_VARY));
    }

    private static void matrix(int most, List<Integer> capabilities, List<Integer> controls) {
        List<int[]> combinations = Combinations.of(4, 16, ALL_RIGHTS, most);
        for (int capability : capabilities) {
            long cap = EptVpidCapability.ALL
                    & ~((capability & WITHOUT_EXECUTE_ONLY) != 0 ? EptVpidCapability.EXECUTE_ONLY : 0)
                    & ~((capability & 2) != 0 ? EptVpidCapability.ADVANCED_VIOLATION_INFORMATION : 0);
            PagingCapability can = new PagingCapability(46, true, cap);
            controls.forEach(c -> matrix(combinations, can, c));
        }
    }

    /** The guest's tables are on the varied path, or its pages are. */
    private static void matrix(List<int[]> combinations, PagingCapability can, int controls) {
        boolean tablesVary = (controls & TABLES_VARY) != 0;
        long tables = tablesVary ? VARIED_GPA : OTHER_GPA;
        long eptp = EptPointer.pack(EPT_ROOT, 4, (controls & ACCESSED_DIRTY) != 0);
        NaiveWalker.Root root = new NaiveWalker.Root(tables);
        Scene scene = new Scene(
                new Setting(Registers.of(PagingMode.FOUR_LEVEL), root, can, eptp, (controls & MODE_BASED) != 0));
        long pages = tablesVary ? OTHER_GPA : VARIED_GPA;
        putGuest(scene, tables, pages);
        putPath(scene, OTHER_GPA, new int[] {ALL_RIGHTS, ALL_RIGHTS, ALL_RIGHTS, ALL_RIGHTS});
        for (int[] rights : combinations) {
            putPath(scene, VARIED_GPA, rights);
            for (Access access : ACCESSES) {
                scene.check(USER_PAGE, access);
                scene.check(SUPERVISOR_PAGE, access);
            }
        }
        assertEquals(combinations.size() * 2 * ACCESSES.size(), scene.checks());
        assertTrue(scene.translated() >= 2 * ACCESSES.size(), () -> scene.translated() + " are translated");
    }

    /** Two pages of 1 GiB, in which the two addresses lie in the same page of 4 KiB of the varied path. */
    private static void putGuest(Scene scene, long tables, long pages) {
        long hpa = tables == OTHER_GPA ? TABLES_HPA : TABLES_HPA + 0x10_0000;
        scene.put(hpa, 8, tables + 0x1000 | 0x67);
        scene.put(hpa + 0x1000, 8, pages | 0xE7);
        scene.put(hpa + 0x1008, 8, pages | 0xE3);
    }

    /** Four levels, the last of them for the guest's tables and for the page of both addresses. */
    private static void putPath(Scene scene, long gpa, int[] rights) {
        long index = gpa >>> 39;
        long table = EPT_ROOT + 0x10_000 + index * 0x10_000;
        scene.put(EPT_ROOT + 8 * index, 8, table | entry(rights[3]));
        scene.put(table, 8, table + 0x1000 | entry(rights[2]));
        scene.put(table + 0x1000, 8, table + 0x2000 | entry(rights[1]));
        scene.put(table + 0x1000 + 8 * (USER_PAGE >>> 21), 8, table + 0x2000 | entry(rights[1]));
        long hpa = gpa == OTHER_GPA ? TABLES_HPA : TABLES_HPA + 0x10_0000;
        for (int page = 0; page < 2; page++) {
            scene.put(table + 0x2000 + 8L * page, 8, hpa + 0x1000L * page | entry(rights[0]) | 6 << 3);
        }
        scene.put(table + 0x2000 + 8 * (USER_PAGE >>> 12 & 511), 8, 0x5000_0000L | entry(rights[0]) | 6 << 3);
    }

    /** R, W, X in bits 2:0, and bit 10. */
    private static long entry(int rights) {
        return rights & 7 | (rights & 8) << 7 | FLAGS;
    }
}
