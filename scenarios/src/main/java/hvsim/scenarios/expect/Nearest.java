package hvsim.scenarios.expect;

import java.util.Collection;
import java.util.Optional;

/** The metric that was probably meant: fewest letters to change, where the end of a path may be missing. */
public final class Nearest {
    private static final int LONGEST = 200;

    private Nearest() {}

    /** Empty if nothing is near. */
    public static Optional<String> to(String word, Collection<String> paths) {
        String best = "";
        int least = Math.max(2, word.length() / 3) + 1;
        for (String path : paths) {
            int distance = word.length() > LONGEST ? least : distance(word, path);
            if (distance < least) {
                least = distance;
                best = path;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    /** To the path or to any of its beginnings that end before a dot. */
    private static int distance(String word, String path) {
        int[] row = new int[path.length() + 1];
        for (int j = 0; j <= path.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= word.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= path.length(); j++) {
                int changed = diagonal + (word.charAt(i - 1) == path.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        int least = row[path.length()];
        for (int j = 1; j < path.length(); j++) {
            least = path.charAt(j) == '.' ? Math.min(least, row[j]) : least;
        }
        return least;
    }
}
