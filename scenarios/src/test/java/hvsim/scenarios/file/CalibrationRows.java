package hvsim.scenarios.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The ids of the calibration tables' rows, each with how well it is known. */
final class CalibrationRows {
    private static final Pattern ID = Pattern.compile("\\b[A-I][0-9]{3}\\b");

    private final Map<String, String> confidence = new LinkedHashMap<>();

    CalibrationRows() {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("calibration-rows.tsv"))) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .forEach(row -> confidence.put(row[0], row[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong with a source; empty if it is "assumed", or begins with a row, and all rows that it names exist. */
    String problem(String source) {
        List<String> ids = ID.matcher(source).results().map(MatchResult::group).toList();
        if (!source.matches("assumed\\b.*") && (ids.isEmpty() || !source.startsWith(ids.get(0)))) {
            return "neither assumed nor a row";
        }
        for (String id : ids) {
            if (!confidence.containsKey(id)) {
                return "no row " + id;
            }
        }
        boolean isRecalled = !source.startsWith("assumed") && ids.stream().allMatch(id -> isRecalled(id));
        return isRecalled && !source.contains("recalled") ? "does not say that it is recalled" : "";
    }

    private boolean isRecalled(String id) {
        return Objects.equals(confidence.get(id), "recalled");
    }
}
