package hvsim.scenarios.file;

import hvsim.scenarios.file.Node.MapNode;
import java.util.Set;

/**
 * One value at one dotted path.
 *
 * @param key where the path was written
 */
record Change(String path, Origin key, Node value) {
    private static final int DEEPEST = 20;
    private static final Set<String> GROUPS = Set.of("machine", "hypervisor", "vms", "workload", "run");

    /** The tree with this value; the same tree after reporting a fault. */
    MapNode applied(MapNode tree, Faults faults) {
        try {
            if (path.split("\\.", DEEPEST + 1).length > DEEPEST) {
                throw new BadValueException(
                        "a path of more than " + DEEPEST + " parts", "written like machine.tlb.stlb.entries");
            }
            return Trees.with(tree, path, key, value);
        } catch (BadValueException e) {
            faults.add(key, Text.quoted(path), e.what(), e.rule());
            return tree;
        }
    }

    /** A run or a point may change what is simulated, not what the file says about itself. */
    boolean hasGroup(Faults faults) {
        String group = path.split("\\.", 2)[0];
        if (!GROUPS.contains(group)) {
            String meant = Words.nearest(group, GROUPS.stream().sorted().toList())
                    .map(word -> "; did you mean '" + word + "'?")
                    .orElse("");
            faults.add(
                    key,
                    Text.quoted(path) + " is no path that a run can change" + meant,
                    "full dotted paths, beginning with machine, hypervisor, vms, workload or run");
            return false;
        }
        return true;
    }
}
