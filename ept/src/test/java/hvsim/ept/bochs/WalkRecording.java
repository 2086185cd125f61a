package hvsim.ept.bochs;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The accesses of a recording. */
final class WalkRecording {
    private final Recording recording;
    private final Consumer<WalkCase> action;
    private @Nullable WalkCase open;

    private WalkRecording(Recording recording, Consumer<WalkCase> action) {
        this.recording = recording;
        this.action = action;
    }

    static void forEach(Recording recording, Consumer<WalkCase> action) {
        WalkRecording reader = new WalkRecording(recording, action);
        recording.lines().forEach(reader::line);
    }

    private void line(String[] line) {
        if (line[0].equals("native") || line[0].equals("nested") || line[0].equals("end")) {
            close();
            open = line[0].equals("end") ? null : new WalkCase(recording, line);
        } else if (open != null) {
            add(open, line);
        }
    }

    private void close() {
        if (open != null) {
            action.accept(open);
        }
    }

    private static void add(WalkCase walk, String[] line) {
        switch (line[0].charAt(0)) {
            case '=' -> walk.recorded = outcome(line);
            case 'p' -> {
                for (int i = 1; i < line.length; i++) {
                    walk.log.add(Recording.number(line[i]));
                }
            }
            default ->
                walk.words.add(new WalkCase.Word(
                        line[0].charAt(0) == 'g',
                        line[0].charAt(1) - '0',
                        Recording.number(line[1]),
                        Recording.number(line[2]),
                        Recording.number(line[line.length - 1])));
        }
    }

    /** Without what is not defined: of an EPT misconfiguration only the address is, of a full log nothing. */
    private static String outcome(String[] line) {
        String[] words = line.clone();
        words[0] = "";
        String all = String.join(" ", words).strip();
        if (all.startsWith("exit 31 ")) {
            return "exit 31 " + line[4];
        }
        return all.startsWith("exit 3e ") ? "exit 3e" : all;
    }
}
