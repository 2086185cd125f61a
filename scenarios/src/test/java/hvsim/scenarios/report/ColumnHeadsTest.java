package hvsim.scenarios.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnHeadsTest {
    @Test
    void aColumnAsWideAsTheWidestWordBreaksNoName() {
        List<String> names = List.of("native", "binary_translation");
        Page page = new Page(80);
        ColumnHeads.write(page, names, 4, 2 + ColumnHeads.widestWord(names), 2);
        assertEquals(
                List.of("binary_", "native  translation"),
                page.toString().lines().map(String::strip).toList());
    }

    @Test
    void aSignBetweenWordsBelongsToTheWordBeforeIt() {
        assertEquals("binary_".length(), ColumnHeads.widestWord(List.of("binary_", "a-b=c")));
    }
}
