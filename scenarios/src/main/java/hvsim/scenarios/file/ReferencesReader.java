package hvsim.scenarios.file;

import hvsim.scenarios.file.Node.ListNode;
import java.math.BigDecimal;
import java.util.List;

/** Reads {@code references} of a workload. */
final class ReferencesReader {
    private static final long LINE_BYTES = 64;
    private static final long PAGE_BYTES = 4096;
    private static final long WORD_BYTES = 8;
    private static final long MOST_BYTES = 1L << 46;
    private static final long MOST_ZIPF_BYTES = 1L << 42;

    private ReferencesReader() {}

    static References read(Section references) {
        if (references.has("trace") && references.has("pattern")) {
            references.optional("pattern", Kind.TEXT);
            references.fault("trace", "a trace and a pattern", "take one away: pattern: null, or trace: null");
        }
        return references.has("trace") ? recorded(references) : synthetic(references);
    }

    private static References recorded(Section references) {
        List<TraceFile> traces = traces(references);
        boolean repeat = references.value("repeat", false, Kind.SWITCH);
        readSynthetic(references, Pattern.ZIPF);
        references.close();
        return new References.Recorded(traces, repeat);
    }

    /** One file, or a list of them. */
    private static List<TraceFile> traces(Section references) {
        Kind<TraceFile> file = text -> trace(text, references.at("trace").place());
        TraceFile none = new TraceFile("", InputPlace.inWorkingFolder());
        boolean isList = references.node("trace") instanceof ListNode;
        List<TraceFile> traces =
                isList ? references.list("trace", List.of(), file) : List.of(references.required("trace", none, file));
        if (references.isSound() && traces.isEmpty()) {
            references.fault("trace", "names no trace", "a file, or a list with one for each virtual processor");
        }
        if (references.isSound()) {
            List<String> paths =
                    traces.stream().map(references.binding()::pathFromScenario).toList();
            references.show("trace", isList ? paths : paths.get(0));
        }
        return traces.isEmpty() ? List.of(none) : traces;
    }

    private static TraceFile trace(String path, Place file) throws BadValueException {
        TraceFile trace = new TraceFile(path, file.sibling(path));
        String problem = trace.place().problem();
        if (!problem.isEmpty()) {
            throw new BadValueException(
                    Text.quoted(path) + ": " + problem,
                    problem.startsWith("there") ? "looked for " + trace.shown() : "");
        }
        return trace;
    }

    private static References synthetic(Section references) {
        Pattern pattern = references.value("pattern", Pattern.ZIPF, Kind.choice(Pattern.class));
        References.Synthetic read = readSynthetic(references, pattern);
        references.optional("repeat", Kind.SWITCH);
        references.close();
        return read;
    }

    private static boolean hasStride(Pattern pattern) {
        return pattern == Pattern.STRIDE || pattern == Pattern.CHASE;
    }

    private static References.Synthetic readSynthetic(Section references, Pattern pattern) {
        Bytes workingSet =
                references.value("working_set", new Bytes(64 << 20), Kind.bytes(PAGE_BYTES, MOST_BYTES, PAGE_BYTES));
        double skew = references.value("skew", 0.99, ReferencesReader::skew);
        Bytes stride =
                references.value("stride", new Bytes(LINE_BYTES), Kind.bytes(WORD_BYTES, MOST_BYTES, WORD_BYTES));
        Share hot = references.value("hot", percent(10), Share::parse);
        Share hits = references.value("hits", percent(90), Share::parse);
        Bytes run = references.value("run", new Bytes(LINE_BYTES), Kind.bytes(LINE_BYTES, MOST_BYTES, LINE_BYTES));
        Share writes = references.value("writes", percent(30), Share::parse);
        Share fetches = references.value("fetches", Share.NONE, Share::parse);
        checkFits(references, hasStride(pattern), "stride", stride, workingSet);
        checkFits(references, pattern == Pattern.UNIFORM, "run", run, workingSet);
        if (pattern == Pattern.ZIPF && references.isSound() && workingSet.bytes() > MOST_ZIPF_BYTES) {
            references.fault("working_set", "zipf takes at most 4TiB, not " + workingSet, "use another pattern");
        }
        if (pattern == Pattern.HOTSPOT && hot.fraction().signum() == 0 && references.isSound()) {
            references.fault("hot", "a hot part of 0% holds nothing", "more than 0%, to 100%");
        }
        return new References.Synthetic(pattern, workingSet, skew, stride, hot, hits, run, writes, fetches);
    }

    private static void checkFits(Section references, boolean matters, String key, Bytes length, Bytes workingSet) {
        if (matters && references.isSound() && length.compareTo(workingSet) > 0) {
            references.fault(key, length + " is longer than the working set of " + workingSet, "");
        }
    }

    private static double skew(String text) throws BadValueException {
        double skew = Units.isNumber(text) ? Units.number(text).doubleValue() : 0;
        if (skew < 0.01 || skew > 10) {
            throw new BadValueException(
                    Text.quoted(text) + " is no skew", "the exponent of a Zipf distribution, 0.01 to 10");
        }
        return skew;
    }

    private static Share percent(int percent) {
        return new Share(BigDecimal.valueOf(percent, 2));
    }
}
