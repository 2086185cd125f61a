package hvsim.scenarios.run;

import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The result records as a tree whose keys are the words of reports, expectations and CSV heads. */
public final class ResultTree {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    private ResultTree() {}

    public static ObjectNode of(Result result) {
        return MAPPER.valueToTree(result);
    }

    public static ObjectNode of(RunResult run) {
        return MAPPER.valueToTree(run);
    }
}
