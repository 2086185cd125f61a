/**
 * Scenario files to records: what a user wrote, laid over what it extends and over the presets, checked to the
 * last point before anything runs.
 *
 * <pre>
 *  bytes --YamlText--> text --YamlParser--> tree of Nodes, each with its Origin
 *                                               |
 *     ExtendsChain, --set, --vary, compare      |  Trees.merge: maps merge, values replace, null takes away
 *     and Presets lay one tree over another     v
 *                       ScenarioReader: a Section per group of keys, a Kind per value
 *                                               |
 *          Scenario (records)    plain values, and where each came from    Faults, all of them
 * </pre>
 *
 * Start reading at {@link hvsim.scenarios.file.ScenarioLoader}. The format itself is docs/scenario-format.md; what
 * the lines of {@code expect} mean is not known here.
 */
package hvsim.scenarios.file;
