package hvsim.scenarios.file;

/** A closed set of words that a key can take. */
interface Choice {
    /** The word in scenario files and reports. */
    String word();
}
