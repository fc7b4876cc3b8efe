package org.mcrc.compiler.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Declaration;
import org.mcrc.compiler.syntax.Declaration.FunctionDeclaration;
import org.mcrc.compiler.syntax.Declaration.Named;

/**
 * Which declarations refer to which. An equation of {@code solve} may use the function that it belongs to; otherwise
 * there is no recursion.
 */
final class Dependencies {

    private final Map<String, Map<String, Span>> references = new LinkedHashMap<>();
    private final List<String> order = new ArrayList<>();
    private final Set<String> recursive = new HashSet<>();

    Dependencies(Symbols symbols, CheckReporter reporter) {
        symbols.declarations().forEach((name, declaration) ->
                references.put(name, references(symbols, name, declaration)));
        Set<String> visited = new HashSet<>();
        for (String name : references.keySet()) {
            visit(name, visited, symbols, reporter);
        }
    }

    /** All declared names so that each comes after those that it refers to, recursion apart. */
    List<String> order() {
        return order;
    }

    private static Map<String, Span> references(Symbols symbols, String name, Named declaration) {
        Map<String, Span> found = References.in((Declaration) declaration).free();
        if (declaration instanceof FunctionDeclaration function) {
            found.remove(name);
            Span own = References.inBodyOf(function).free().get(name);
            if (own != null) {
                found.put(name, own);
            }
        }
        found.keySet().removeIf(reference -> symbols.find(reference).isEmpty());
        return found;
    }

    /** Walks in depth without recursion: a chain of declarations may be as long as the file. */
    private void visit(String start, Set<String> visited, Symbols symbols, CheckReporter reporter) {
        if (!visited.add(start)) {
            return;
        }
        List<String> path = new ArrayList<>(List.of(start));
        Set<String> onPath = new HashSet<>(path);
        Deque<Iterator<Map.Entry<String, Span>>> pending = new ArrayDeque<>();
        pending.push(references.get(start).entrySet().iterator());
        while (!pending.isEmpty()) {
            if (!pending.peek().hasNext()) {
                pending.pop();
                String done = path.removeLast();
                onPath.remove(done);
                order.add(done);
                continue;
            }
            Map.Entry<String, Span> reference = pending.peek().next();
            String name = reference.getKey();
            if (onPath.contains(name)) {
                // One report for a knot of circles is enough.
                if (!recursive.contains(name) && !recursive.contains(path.getLast())) {
                    reportCycle(path.subList(path.indexOf(name), path.size()), reference.getValue(), reporter);
                }
            } else if (visited.add(name)) {
                path.add(name);
                onPath.add(name);
                pending.push(references.get(name).entrySet().iterator());
            }
        }
    }

    private void reportCycle(List<String> cycle, Span span, CheckReporter reporter) {
        recursive.addAll(cycle);
        String first = cycle.getFirst();
        String shown = cycle.stream().limit(8).collect(Collectors.joining(" → "))
                + (cycle.size() > 8 ? " → … → " : " → ") + first;
        reporter.report(span, CheckError.RECURSION, first, shown);
    }
}
