package hvsim.scenarios.file;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What is packed into the program: scenarios and machines, by name. */
public final class Library {
    private static final String SUFFIX = ".yaml";

    private Library() {}

    /** The names of the scenarios, sorted. */
    public static List<String> scenarios() {
        return names("library");
    }

    /** The names of the machine presets, sorted. */
    public static List<String> machines() {
        return names("machines");
    }

    /** The text of a scenario or machine of the library; empty if there is none of that name. */
    public static Optional<String> text(String name) {
        for (Place place : List.of(new LibraryPlace(name + SUFFIX), new PresetPlace("machines", name))) {
            if (isName(name) && place.problem().isEmpty()) {
                try (InputStream in = place.open()) {
                    return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                } catch (IOException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /** The scenario that a name without '/' and '.' means; empty if the text is a path. */
    static Optional<Place> named(String name) {
        return isName(name) ? Optional.of(new LibraryPlace(name + SUFFIX)) : Optional.empty();
    }

    /** Names hold no '/', '.', ':' or '\'. */
    private static boolean isName(String name) {
        return !name.isEmpty() && name.chars().noneMatch(c -> "/.:\\".indexOf(c) >= 0);
    }

    /** For a name that is not there: the one that may be meant, and all. */
    static String choices(String name) {
        if (!isName(name)) {
            return "";
        }
        String meant = Words.nearest(name, scenarios())
                .map(word -> "did you mean '" + word + "'? ")
                .orElse("");
        return meant + "a file's name has a '/' or a '.'; the library has: " + String.join(", ", scenarios());
    }

    private static List<String> names(String folder) {
        try {
            Path home = Path.of(Library.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.isDirectory(home) ? inFolder(home.resolve(folder)) : inArchive(home, folder + "/");
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the program's own files cannot be read", e);
        }
    }

    private static List<String> inFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .flatMap(Library::withoutSuffix)
                    .sorted()
                    .toList();
        }
    }

    private static List<String> inArchive(Path archive, String prefix) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            return zip.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.startsWith(prefix))
                    .map(name -> name.substring(prefix.length()))
                    .flatMap(Library::withoutSuffix)
                    .sorted()
                    .toList();
        }
    }

    private static Stream<String> withoutSuffix(String file) {
        boolean isScenario = file.endsWith(SUFFIX) && file.indexOf('/') < 0;
        return isScenario ? Stream.of(file.substring(0, file.length() - SUFFIX.length())) : Stream.empty();
    }
}
