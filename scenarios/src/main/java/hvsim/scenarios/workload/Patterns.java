package hvsim.scenarios.workload;

import hvsim.scenarios.trace.Parts;

/** Makes the source of a pattern for one process. */
final class Patterns {
    private static final long SEQUENTIAL_STEP_BYTES = 8;
    private static final long LOOP_STEP_BYTES = 4096;

    private Patterns() {}

    static ReferenceSource source(
            PatternSpec spec, Placement placement, long seed, String name, int process, int processes) {
        String own = name + "/process-" + process;
        int codeStart = (int) Parts.start(PatternSource.CODE_BYTES / 4, process, processes) * 4;
        return new PatternSource(
                places(
                        spec,
                        Seeds.derive(seed, own + "/places"),
                        Seeds.derive(seed, name + "/order"),
                        process,
                        processes),
                spec.workingSetBytes(),
                Seeds.derive(seed, own + "/kinds"),
                placement,
                codeStart,
                spec.fetches(),
                spec.writes());
    }

    /** {@code ownSeed} differs from process to process, {@code sharedSeed} does not. */
    private static Places places(PatternSpec spec, long ownSeed, long sharedSeed, int process, int processes) {
        long bytes = spec.workingSetBytes();
        return switch (spec.order()) {
            case SEQUENTIAL -> new SteppingPlaces(SEQUENTIAL_STEP_BYTES, bytes, process, processes);
            case STRIDE -> new SteppingPlaces(spec.strideBytes(), bytes, process, processes);
            case LOOP -> new SteppingPlaces(LOOP_STEP_BYTES, bytes, process, processes);
            case UNIFORM -> new UniformPlaces(bytes, spec.runBytes(), ownSeed);
            case ZIPF -> new ZipfPlaces(bytes, spec.skew(), ownSeed, sharedSeed);
            case HOTSPOT -> new HotspotPlaces(bytes, spec.hot(), spec.hits(), ownSeed);
            case CHASE -> new ChasePlaces(bytes, spec.strideBytes(), sharedSeed, process, processes);
        };
    }
}
