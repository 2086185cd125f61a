package hvsim.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DocumentLinksTest {
    private static final Path ROOT = Path.of("..");
    private static final Set<String> NO_DOCUMENTS_IN = Set.of("target", ".git");

    /** What stands in parentheses behind brackets, without the place within the document. */
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)[^)]*\\)");

    @Test
    void everyRelativeLinkLeadsToAFile() throws IOException {
        List<Path> documents = documents();
        assertTrue(documents.contains(ROOT.resolve("ARCHITECTURE.md")), "documents were found");
        List<String> broken = new ArrayList<>();
        for (Path document : documents) {
            LINK.matcher(Files.readString(document))
                    .results()
                    .map((MatchResult match) -> match.group(1))
                    .filter(link -> !link.contains("://"))
                    .filter(link -> !Files.exists(document.resolveSibling(link)))
                    .forEach(link -> broken.add(document + ": " + link));
        }
        assertEquals(List.of(), broken);
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean none = NO_DOCUMENTS_IN.contains(folder.getFileName().toString());
                return none ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".md")) {
                    documents.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return documents;
    }
}
