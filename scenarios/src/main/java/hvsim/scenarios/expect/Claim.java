package hvsim.scenarios.expect;

/**
 * What an understood line claims, for those who report on it.
 *
 * @param text the line without its reason
 * @param percent whether it compares with a percentage
 */
public record Claim(String text, Operator operator, boolean percent) {
    /** @throws IllegalArgumentException if the line has no meaning */
    public static Claim of(String line) {
        try {
            Statement statement = StatementParser.parse(line);
            boolean percent = statement.left().percent() || statement.right().percent();
            return new Claim(statement.claim(), statement.operator(), percent);
        } catch (ExpectSyntaxException e) {
            throw new IllegalArgumentException("'" + line + "': " + e.getMessage(), e);
        }
    }
}
