package hvsim.scenarios.file;

import hvsim.scenarios.file.Node.ScalarNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * YAML text to a tree with positions. Works on events, with a stack of its own, so that depth and the growth
 * by aliases are bounded before they cost anything.
 */
final class YamlParser {
    private static final int MOST_CHARACTERS = 3 << 20;
    private static final int DEEPEST = 50;
    private static final int MOST_VALUES = 200_000;

    private final Place place;
    private final Faults faults;
    private final Deque<OpenNode> open = new ArrayDeque<>();
    private final Map<String, Sized> anchors = new HashMap<>();
    private int documents;

    /** @param values how many values the node stands for when each alias is written out */
    record Sized(Node node, long values, int height) {}

    /** Ends the reading where going on makes no sense; the fault is already reported. */
    private static final class StopException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private YamlParser(Place place, Faults faults) {
        this.place = place;
        this.faults = faults;
    }

    /** The one document of the text; empty after reporting faults. */
    static Optional<Node> parse(String text, Place place, Faults faults) {
        int before = faults.added();
        if (text.length() > MOST_CHARACTERS) {
            faults.add(Origin.in(place, 1, 1), "more than " + Text.grouped(MOST_CHARACTERS) + " characters", "");
            return Optional.empty();
        }
        Optional<Node> root = new YamlParser(place, faults).document(text);
        return faults.added() == before ? root : Optional.empty();
    }

    private Optional<Node> document(String text) {
        LoadSettings settings =
                LoadSettings.builder().setCodePointLimit(MOST_CHARACTERS).build();
        OpenNode root = OpenNode.root();
        open.push(root);
        try {
            for (Event event : new Parse(settings).parseString(text)) {
                take(event);
            }
        } catch (StopException e) {
            return Optional.empty();
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
            Origin at = mark == null ? Origin.in(place, 1, 1) : at(mark);
            faults.add(at, "not YAML: " + e.getProblem(), context(e));
        } catch (YamlEngineException e) {
            faults.add(Origin.in(place, 1, 1), "not YAML", "");
        }
        return root.onlyChild();
    }

    private String context(MarkedYamlEngineException e) {
        String where = e.getContextMark()
                .map(mark -> ", which starts at line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1))
                .orElse("");
        return e.getContext() == null ? "written 'key: value', deeper keys indented or in {}" : e.getContext() + where;
    }

    private void take(Event event) throws StopException {
        if (event instanceof DocumentStartEvent && ++documents > 1) {
            throw stop(
                    at(event),
                    "a second document starts here",
                    "a scenario is one document; put the other into its own file");
        }
        if (event instanceof NodeEvent node) {
            checkTag(node);
        }
        if (event instanceof ScalarEvent scalar) {
            Node node = new ScalarNode(at(event), scalar.getValue(), scalar.isPlain());
            place(at(event), scalar.getAnchor(), new Sized(node, 1, 0));
        } else if (event instanceof AliasEvent alias) {
            place(at(event), Optional.empty(), named(alias));
        } else if (event instanceof CollectionStartEvent start) {
            if (open.size() > DEEPEST) {
                throw stop(at(event), "nested deeper than " + DEEPEST + " levels", "");
            }
            open.push(new OpenNode(at(event), start.getAnchor(), event instanceof MappingStartEvent));
        } else if (event instanceof CollectionEndEvent) {
            OpenNode done = open.pop();
            place(done.origin(), done.anchor(), done.close());
        }
    }

    private Sized named(AliasEvent alias) throws StopException {
        String name = alias.getAnchor().map(Object::toString).orElse("");
        Sized named = anchors.get(name);
        if (named == null) {
            throw stop(at(alias), "alias *" + name + " names nothing before it", "an anchor is written &" + name);
        }
        return named;
    }

    private void checkTag(NodeEvent event) {
        Optional<String> tag = event instanceof ScalarEvent scalar
                ? scalar.getTag()
                : event instanceof CollectionStartEvent start ? start.getTag() : Optional.empty();
        tag.filter(name -> !name.equals("!"))
                .ifPresent(name -> faults.add(
                        at(event), "tag " + Text.quoted(name) + " has no meaning here", "write the value without it"));
    }

    /** Puts a finished node into the innermost open one. */
    private void place(Origin at, Optional<Anchor> anchor, Sized child) throws StopException {
        anchor.ifPresent(name -> anchors.put(name.toString(), child));
        OpenNode parent = open.getFirst();
        parent.add(child, at, faults);
        if (parent.values() > MOST_VALUES) {
            throw stop(at, "more than " + Text.grouped(MOST_VALUES) + " values", "aliases count as what they name");
        }
        if (open.size() + child.height() > DEEPEST) {
            throw stop(at, "nested deeper than " + DEEPEST + " levels", "aliases count as what they name");
        }
    }

    private StopException stop(Origin at, String what, String rule) {
        faults.add(at, what, rule);
        return new StopException();
    }

    private Origin at(Event event) {
        return event.getStartMark().map(this::at).orElse(Origin.in(place, 1, 1));
    }

    private Origin at(Mark mark) {
        return Origin.in(place, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
