package hvsim.scenarios.file;

import java.util.List;
import java.util.Map;

/**
 * A complete configuration in all its forms.
 *
 * @param config as plain values, every default written out; itself a valid scenario
 * @param sources where each value came from, by path
 * @param notes what the user should know, each with its position
 */
public record Configured(Scenario scenario, Map<String, Object> config, Map<String, String> sources, List<String> notes) {}
