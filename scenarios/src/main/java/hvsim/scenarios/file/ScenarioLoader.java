package hvsim.scenarios.file;

import hvsim.scenarios.file.Loaded.Point;
import hvsim.scenarios.file.Loaded.Run;
import hvsim.scenarios.file.Node.MapNode;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where to start: from a name on the command line to checked configurations. */
public final class ScenarioLoader {
    private static final long MOST_RUNS = 1_000;

    private final String command;
    private final InputStream stdin;
    private final ExpectCheck expect;

    /**
     * @param command as messages show it, such as "hvsim run"
     * @param stdin what the name "-" means
     * @param expect knows what the lines of {@code expect} mean
     */
    public ScenarioLoader(String command, InputStream stdin, ExpectCheck expect) {
        this.command = command;
        this.stdin = stdin;
        this.expect = expect;
    }

    /**
     * Reads, sets, expands and checks a scenario.
     *
     * @param name a file (has '/' or '.'), "-" for standard input, a library name, or a JSON result, whose config is read
     * @param settings {@code PATH=VALUE}, later ones win
     * @param varied {@code PATH=V,V} or {@code PATH=A..B}; the points are their product, the last varying fastest
     * @throws ScenarioException with all that is wrong
     */
    public Loaded load(String name, List<String> settings, List<String> varied) throws ScenarioException {
        return load(name, settings, varied, false);
    }

    /**
     * The same; without {@code compare} in the file it is run under all {@link Techniques} that exist for it.
     *
     * @throws ScenarioException with all that is wrong
     */
    public Loaded loadForAllTechniques(String name, List<String> settings) throws ScenarioException {
        return load(name, settings, List.of(), true);
    }

    private Loaded load(String name, List<String> settings, List<String> varied, boolean allTechniques)
            throws ScenarioException {
        Place place = place(name);
        Faults faults = new Faults(place.shown());
        SourceFiles files = new SourceFiles();
        Options options = new Options(command, name, faults);
        MapNode tree = tree(name, place, files, faults);
        for (Change change : options.settings(settings)) {
            tree = change.applied(tree, faults);
        }
        List<String> leftOut = List.of();
        if (allTechniques && tree.get("compare").isEmpty()) {
            Techniques.Comparison comparison =
                    Techniques.of(tree, Origin.option(command), changed -> fault(changed, place, files));
            tree = comparison.tree();
            leftOut = comparison.notes();
        }
        boolean isComplete = faults.added() == 0;
        Map<String, List<Change>> runs = CompareRuns.read(tree, faults);
        List<List<Change>> points = product(options.varied(varied), runs.size(), faults);
        ScenarioReader reader = new ScenarioReader(place, files, faults);
        Configured base = reader.read(tree);
        List<Point> all = new ArrayList<>();
        for (List<Change> point : points) {
            all.add(point(all.size(), point, runs, base, tree, reader, faults));
        }
        if (isComplete) {
            new ExpectReader(expect, faults).check(tree, MeasuredNames.of(all), reader.doubtful());
        }
        faults.throwIfAny();
        List<String> notes = new ArrayList<>(leftOut);
        notes.addAll(notes(all));
        return new Loaded(base, all, List.copyOf(notes), files.digests());
    }

    /** The first thing that is wrong with a tree; empty if nothing is. */
    private static String fault(MapNode tree, Place place, SourceFiles files) {
        Faults own = new Faults(place.shown());
        new ScenarioReader(place, files, own).read(tree);
        return own.first();
    }

    private Place place(String name) throws ScenarioException {
        if (name.equals("-")) {
            return new InputPlace(stdin);
        }
        try {
            Place named = Library.named(name).orElse(null);
            return named == null ? DiskPlace.of(name) : named;
        } catch (BadValueException e) {
            throw new ScenarioException(List.of(command + ": error: " + e.what()));
        }
    }

    private MapNode tree(String name, Place place, SourceFiles files, Faults faults) throws ScenarioException {
        Origin asker = Origin.option(command);
        if (!place.problem().isEmpty()) {
            faults.add(asker, Text.quoted(name) + ": " + place.problem(), Library.choices(name));
        }
        faults.throwIfAny();
        MapNode read = files.read(place, asker, faults).orElse(null);
        if (read == null) {
            faults.throwIfAny();
            throw new AssertionError("a file that cannot be read has a fault");
        }
        return new ExtendsChain(files, faults).read(place, configOf(read));
    }

    /** An earlier result holds a scenario. */
    private static MapNode configOf(MapNode read) {
        return read.get("schema").flatMap(schema -> read.group("config")).orElse(read);
    }

    private static List<List<Change>> product(Map<String, List<Change>> varied, int runs, Faults faults) {
        long count = runs;
        List<List<Change>> points = List.of(List.of());
        for (List<Change> values : varied.values()) {
            count *= values.size();
            if (count > MOST_RUNS) {
                faults.add(values.get(0).key(), "more than " + Text.grouped(MOST_RUNS) + " runs", "vary less");
                return List.of();
            }
            List<List<Change>> longer = new ArrayList<>();
            for (List<Change> point : points) {
                for (Change value : values) {
                    List<Change> next = new ArrayList<>(point);
                    next.add(value);
                    longer.add(next);
                }
            }
            points = longer;
        }
        return points;
    }

    private static Point point(
            int number,
            List<Change> varied,
            Map<String, List<Change>> runs,
            Configured base,
            MapNode tree,
            ScenarioReader reader,
            Faults faults) {
        List<Run> all = new ArrayList<>();
        runs.forEach((name, changes) -> {
            MapNode changed = tree;
            Map<String, Object> set = new LinkedHashMap<>();
            List<Change> both = new ArrayList<>(varied);
            both.addAll(changes);
            for (Change change : both) {
                changed = change.applied(changed, faults);
                set.put(change.path(), Trees.plain(change.value()));
            }
            all.add(new Run(name, set, both.isEmpty() ? base : reader.read(changed)));
        });
        Map<String, Object> values = new LinkedHashMap<>();
        varied.forEach(change -> values.put(change.path(), Trees.plain(change.value())));
        return new Point(number, values, all);
    }

    private static List<String> notes(List<Point> points) {
        Set<String> common = null;
        for (Point point : points) {
            for (Run run : point.runs()) {
                if (common == null) {
                    common = new LinkedHashSet<>(run.configured().notes());
                }
                common.retainAll(new LinkedHashSet<>(run.configured().notes()));
            }
        }
        return common == null ? List.of() : List.copyOf(common);
    }
}
