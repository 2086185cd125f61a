package hvsim.scenarios.file;

/**
 * One line of {@code expect}, not yet understood.
 *
 * @param file as messages show it
 * @param line from 1
 * @param column from 1
 */
public record ExpectLine(String text, String file, int line, int column) {}
