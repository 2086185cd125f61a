package hvsim.scenarios.report;

import hvsim.scenarios.expect.Claim;
import hvsim.scenarios.run.Result;
import hvsim.scenarios.run.Result.Judgement;
import hvsim.scenarios.run.RunResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many expectations hold, and why the others do not. */
final class ExpectSection {
    private static final int INDENT = 9;
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String PLAIN = "\u001b[0m";

    private final List<Judgement> judgements;
    private final List<RunResult> runs;
    private final Page page;
    private final boolean colour;

    ExpectSection(Result result, Page page, boolean colour) {
        this.judgements = result.expect();
        this.runs = result.runs();
        this.page = page;
        this.colour = colour;
    }

    void write() {
        long holding = judgements.stream().filter(Judgement::holds).count();
        String verb = holding == judgements.size() ? coloured("hold", GREEN) : "hold";
        page.coloured("EXPECT " + holding + " of " + judgements.size() + " " + verb);
        judgements.stream().filter(judgement -> !judgement.holds()).forEach(this::failing);
    }

    private void failing(Judgement judgement) {
        Claim claim = Claim.of(judgement.text());
        List<String> lines = page.broken("  fails  " + claim.text(), INDENT);
        page.coloured(lines.get(0).replaceFirst("fails", coloured("fails", RED)));
        page.lines(lines.subList(1, lines.size()));
        List<String> why = page.broken(" ".repeat(INDENT) + explanation(judgement, claim), INDENT);
        String place = judgement.file() + ":" + judgement.line();
        String last = why.get(why.size() - 1);
        page.lines(why.subList(0, why.size() - 1));
        if (last.length() + 2 + place.length() <= page.width()) {
            page.line(last + Cells.right(place, page.width() - last.length()));
        } else {
            page.line(last);
            page.line(Cells.right(place, page.width()));
        }
    }

    /** Both values, and by how much they miss. */
    private String explanation(Judgement judgement, Claim claim) {
        String where = runs.stream()
                .filter(run -> run.run().equals(judgement.run()) && run.point() == judgement.point())
                .findFirst()
                .map(run -> new Labels(runs).of(run) + ": ")
                .orElse("");
        String text = where + shown(judgement.left(), claim) + " "
                + claim.operator().sign() + " " + shown(judgement.right(), claim) + " is false";
        if (judgement.left() == null || judgement.right() == null) {
            return text + ", for the " + (judgement.left() == null ? "left" : "right") + " side is undefined";
        }
        return judgement.left() instanceof Number left && judgement.right() instanceof Number right
                ? text + miss(left, right, claim)
                : text;
    }

    private static String miss(Number left, Number right, Claim claim) {
        double distance = Math.abs(left.doubleValue() - right.doubleValue());
        if (distance == 0) {
            return "";
        }
        String word = switch (claim.operator()) {
            case MORE, AT_LEAST -> "short by ";
            case LESS, AT_MOST -> "over by ";
            case EQUAL, DIFFERENT -> "off by ";
        };
        boolean whole = left instanceof Long && right instanceof Long;
        String shown = shown(whole ? (Number) Math.abs(left.longValue() - right.longValue()) : distance, claim);
        double bound = Math.abs(right.doubleValue());
        return ", " + word + shown
                + (bound == 0 || claim.percent() ? "" : " (" + Digits.percent(distance / bound, 1) + ")");
    }

    private static String shown(@Nullable Object value, Claim claim) {
        if (value instanceof Number number && claim.percent()) {
            return Digits.six(number.doubleValue() * 100) + "%";
        }
        if (value instanceof Double number) {
            return Digits.six(number);
        }
        return value instanceof Number whole
                ? Digits.grouped(whole.longValue())
                : value == null ? "-" : value.toString();
    }

    private String coloured(String word, String code) {
        return colour ? code + word + PLAIN : word;
    }
}
