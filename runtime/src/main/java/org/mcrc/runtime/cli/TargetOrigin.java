package org.mcrc.runtime.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mcrc.compiler.bind.BindResult;
import org.mcrc.compiler.bind.BindSummary;
import org.mcrc.compiler.index.Argument;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.runtime.engine.Precision;

/**
 * Where the values in a file come from. Numbers of one descriptor have the shapes of another's, and a reconstruction from them
 * comes to nothing: so the file's comment, which NumPy neither shows nor minds, says what computed them.
 *
 * @param descriptor its name
 * @param extents the pixels that were characterized
 * @param phases the number of phases for which the descriptor was bound
 * @param params the values of the params that the outputs depend on
 * @param precision in which it was computed
 */
record TargetOrigin(String descriptor, List<Integer> extents, int phases, SequencedMap<String, Double> params,
        String precision) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The least difference between two values of a param, relative to it, that is not one of printing. */
    private static final double SAME = 1e-12;

    static TargetOrigin of(BindResult bound, Precision precision) {
        IndexProgram program = bound.program();
        Set<String> reached = arguments(program);
        // Constants that were solved for follow from params.
        bound.summary().solved().forEach(solved -> reached.remove(solved.name()));
        SequencedMap<String, Double> params = new LinkedHashMap<>();
        bound.summary().folded().forEach(param -> params.put(param.name(), param.value()));
        for (BindSummary.Parameter param : bound.summary().arguments()) {
            if (reached.contains(param.name())) {
                params.put(param.name(), param.value());
            }
        }
        return new TargetOrigin(program.name(), program.fields().getFirst().tensor().grid().extents(), program.phases(),
                params, precision.name().toLowerCase(Locale.ROOT));
    }

    /** The arguments from which the outputs are computed. */
    private static Set<String> arguments(IndexProgram program) {
        Map<Tensor, Definition> definitions =
                program.definitions().stream().collect(Collectors.toMap(Definition::tensor, each -> each));
        Set<String> found = new HashSet<>();
        Set<Tensor> seen = new HashSet<>();
        List<Tensor> open = new ArrayList<>(program.outputs().stream().map(IndexProgram.Output::value).toList());
        while (!open.isEmpty()) {
            Tensor tensor = open.removeLast();
            if (seen.add(tensor) && definitions.containsKey(tensor)) {
                for (Expression node : Expressions.nodes(definitions.get(tensor).body())) {
                    if (node instanceof Argument argument) {
                        found.add(argument.name());
                    } else if (node instanceof Read read) {
                        open.add(read.tensor());
                    }
                }
            }
        }
        return found;
    }

    /** What {@link #text} wrote; empty for any other text. */
    static Optional<TargetOrigin> parse(String text) {
        try {
            return Optional.ofNullable(JSON.readValue(text, TargetOrigin.class))
                    .filter(origin -> origin.descriptor != null && origin.extents != null && origin.params != null
                            && !origin.params.containsValue(null) && origin.phases > 0);
        } catch (JsonProcessingException another) {
            return Optional.empty();
        }
    }

    /** One line of JSON. */
    String text() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** In what another run differs that uses the values: what to warn of; empty where in nothing. */
    List<String> differences(TargetOrigin here) {
        if (!descriptor.equals(here.descriptor)) {
            return List.of("the descriptor " + descriptor + ", and this is " + here.descriptor);
        }
        List<String> differences = new ArrayList<>();
        new TreeMap<>(params).forEach((name, value) -> {
            Double now = here.params.get(name);
            if (now != null && Math.abs(now - value) > SAME * Math.abs(value)) {
                differences.add(name + " = " + ExplainCommand.number(value) + ", and here it is " + ExplainCommand.number(now));
            }
        });
        if (phases != here.phases) {
            differences.add(phases + " phases, and here there are " + here.phases);
        }
        return differences;
    }
}
