package org.mcrc.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mcrc.compiler.BoundDescriptor;
import org.mcrc.compiler.Pipeline;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Tensor;

/** Which contractions are one list of work, and that everything still comes after what it needs. */
class ContractionOrderTest {
    /** On three levels; a level's field is the mean of the finer one's blocks. */
    private static final String LEVELS = """
            descriptor levels
            field M
            multigrid coarsest 4
            vectors R = halfwindow(2)
            let e[x, r: R] = sigmoid(3 * (M[x] + M[x + r] - 1))
            output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])
            """;
    /** The second matrix is made of the first. */
    private static final String CHAIN = """
            descriptor chain
            field M
            vectors R = halfwindow(2)
            let e[x, r: R] = sigmoid(3 * (M[x] + M[x + r] - 1))
            let S[a: R, b: R] = mean[x](e[x, a] * e[x, b])
            let f[x, r: R] = tanh(M[x] * M[x + r] + S[r, r])
            output T[a: R, b: R] = mean[x](f[x, a] * f[x, b])
            """;

    private static KernelProgram schedule(String text) {
        return Pipeline.schedule(Pipeline.differentiate(BoundDescriptor.of(text, List.of(16, 16)).program()));
    }

    /** What the groups of more than one kernel write. */
    private static List<List<String>> together(KernelProgram program, Phase phase) {
        return ContractionOrder.groups(program.kernels().get(phase)).stream().filter(group -> group.size() > 1)
                .map(group -> group.stream().map(kernel -> kernel.writes().getFirst().name()).toList()).toList();
    }

    @Test
    void contractionsOfAllLevelsAreOneList() {
        KernelProgram program = schedule(LEVELS);
        assertEquals(List.of(List.of("S@1", "S@2", "S@3")), together(program, Phase.OUTPUTS));
        List<List<String>> gradient = together(program, Phase.GRADIENT);
        assertEquals(1, gradient.size(), gradient.toString());
        assertEquals(3, gradient.getFirst().size(), gradient.toString());
        assertTrue(program.decisions().stream().anyMatch(decision -> decision.definition().equals("S@1")
                && decision.choice().equals("one list of work") && decision.reason().contains("S@2, S@3")));
    }

    @Test
    void contractionThatNeedsAnotherIsNotBesideIt() {
        KernelProgram program = schedule(CHAIN);
        assertTrue(program.kernels().get(Phase.OUTPUTS).stream().filter(Gram.class::isInstance).count() == 2,
                program.toString());
        assertEquals(List.of(), together(program, Phase.OUTPUTS));
    }

    @Test
    void everyKernelComesAfterWhatItReads() {
        for (String text : List.of(LEVELS, CHAIN)) {
            KernelProgram program = schedule(text);
            Set<String> present = new HashSet<>();
            program.index().fields().forEach(field -> present.add(field.name()));
            program.index().targets().forEach(target -> present.add(target.name()));
            program.index().data().forEach(data -> present.add(data.tensor().name()));
            for (Phase phase : Phase.values()) {
                for (List<Kernel> group : ContractionOrder.groups(program.kernels().get(phase))) {
                    for (Kernel kernel : group) {
                        kernel.expressions().forEach(expression -> Expressions.reads(expression).stream()
                                .map(read -> read.tensor().name()).filter(program.storage()::containsKey)
                                .forEach(name -> assertTrue(present.contains(name), name + " in " + program)));
                    }
                    group.forEach(kernel -> kernel.writes().stream().map(Tensor::name).forEach(present::add));
                }
            }
        }
    }
}
