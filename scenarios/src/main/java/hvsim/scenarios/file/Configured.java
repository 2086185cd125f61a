package hvsim.scenarios.file;

import java.util.List;
import java.util.Map;

/**
 * A complete configuration in all its forms.
 *
 * @param config as plain values, itself a valid scenario: with every default, or, where runs may change what a
 *     default follows, only what was written
 * @param effective as plain values, with every default
 * @param sources where each value came from, by path
 * @param notes what the user should know, each with its position
 */
public record Configured(
        Scenario scenario,
        Map<String, Object> config,
        Map<String, Object> effective,
        Map<String, String> sources,
        List<String> notes) {}
