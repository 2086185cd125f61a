package hvsim.scenarios.report;

import hvsim.scenarios.run.Result;
import java.util.Locale;
import java.util.Optional;

/** The forms in which a result is written. */
public enum ReportFormat {
    TEXT(".txt") {
        @Override
        public String write(Result result, Layout layout) {
            return TextReport.of(result, layout);
        }
    },
    JSON(".json") {
        @Override
        public String write(Result result, Layout layout) {
            return JsonReport.document(result);
        }
    },
    JSON_LINES(".jsonl") {
        @Override
        public String write(Result result, Layout layout) {
            return JsonReport.lines(result);
        }
    },
    CSV(".csv") {
        @Override
        public String write(Result result, Layout layout) {
            return CsvReport.of(result, layout);
        }
    };

    private final String suffix;

    ReportFormat(String suffix) {
        this.suffix = suffix;
    }

    /** The whole text, lines ended by line feeds. */
    public abstract String write(Result result, Layout layout);

    /** The form that a file's suffix asks for. */
    public static Optional<ReportFormat> ofFile(String name) {
        for (ReportFormat format : values()) {
            if (name.toLowerCase(Locale.ROOT).endsWith(format.suffix)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
