package hvsim.scenarios.file;

import java.util.List;

/** {@code workload.references}: the memory that a program touches, by a pattern or as a trace recorded it. */
public sealed interface References {
    /**
     * A synthetic stream. Parameters of other patterns hold their defaults.
     *
     * @param skew exponent of zipf
     * @param stride distance of stride and chase
     * @param hot hotspot: share of the working set that is hot
     * @param hits hotspot: share of the references that go there
     * @param run length of the sequential piece read at each place of uniform
     * @param writes share of the data references that write
     * @param fetches share of all references that fetch instructions
     */
    record Synthetic(
            Pattern pattern,
            Bytes workingSet,
            double skew,
            Bytes stride,
            Share hot,
            Share hits,
            Bytes run,
            Share writes,
            Share fetches)
            implements References {}

    /**
     * A recorded stream.
     *
     * @param traces one that the virtual processors share, or one for each
     * @param repeat whether it starts again at its end
     */
    record Recorded(List<TraceFile> traces, boolean repeat) implements References {
        public Recorded {
            traces = List.copyOf(traces);
        }

        /** Whether the virtual processors have parts of one trace. */
        public boolean isShared() {
            return traces.size() == 1;
        }

        /** The trace that virtual processor {@code vcpu} executes, or has a part of. */
        public TraceFile trace(int vcpu) {
            return traces.get(isShared() ? 0 : vcpu);
        }
    }
}
