package hvsim.scenarios.expect;

import hvsim.scenarios.run.ResultTree;
import hvsim.scenarios.run.RunResult;
import tools.jackson.databind.JsonNode;

/**
 * A run that lines are judged by.
 *
 * @param values the tree that their paths lead into; made once, for it is large
 */
record Judged(String name, int point, JsonNode values) {
    static Judged of(RunResult run) {
        return new Judged(run.run(), run.point(), ResultTree.of(run));
    }
}
