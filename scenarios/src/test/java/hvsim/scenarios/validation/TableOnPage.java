package hvsim.scenarios.validation;

/**
 * A table of a page in Markdown, below a heading of that page, with a paragraph after it.
 *
 * @param head an empty line, the names of the columns, and the line below
 */
record TableOnPage(String heading, String head) {
    /** The page with these rows in the place of those that it has, and the paragraph in the place of the one after them. */
    String write(String page, String rows, String paragraph) {
        String title = "## " + heading + "\n";
        int from = page.indexOf(title) + title.length();
        int table = page.indexOf(head, from);
        int to = page.indexOf("\n\n", table + head.length() - 1);
        if (from < title.length() || table < 0 || to < 0) {
            throw new IllegalStateException("the page has no table below " + heading);
        }
        return page.substring(0, table) + head + rows + "\n" + paragraph + page.substring(page.indexOf("\n\n", to + 2));
    }
}
