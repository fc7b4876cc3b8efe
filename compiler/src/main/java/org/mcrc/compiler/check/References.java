package org.mcrc.compiler.check;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Declaration;
import org.mcrc.compiler.syntax.Expression;
import org.mcrc.compiler.syntax.IndexBinding;
import org.mcrc.compiler.syntax.Interval;
import org.mcrc.compiler.syntax.SetExpression;

/** The names that are used in a piece of a tree. */
final class References {

    private final Map<String, Span> used = new LinkedHashMap<>();
    private final Set<String> introduced = new HashSet<>();

    private References() {}

    /** Those in {@code declaration}, its own name not counted. */
    static References in(Declaration declaration) {
        References references = new References();
        references.visit(declaration);
        return references;
    }

    /** Those in a function but for its equations, which may use the function itself. */
    static References inBodyOf(Declaration.FunctionDeclaration function) {
        References references = new References();
        references.visitBodyOf(function);
        return references;
    }

    /** Those in {@code expression}. */
    static References in(Expression expression) {
        References references = new References();
        references.visit(expression);
        return references;
    }

    /** The names with the first place of each, those of indices and the like among them. */
    Map<String, Span> all() {
        return used;
    }

    /** The same without the names that are introduced in the piece itself: indices, parameters, solved constants. */
    Map<String, Span> free() {
        Map<String, Span> free = new LinkedHashMap<>(used);
        free.keySet().removeAll(introduced);
        return free;
    }

    private void visit(Declaration declaration) {
        switch (declaration) {
            case Declaration.ParamDeclaration param -> {
                visit(param.value());
                visit(param.range());
            }
            case Declaration.FieldDeclaration field -> {
                visit(field.indices());
                visit(field.range());
            }
            case Declaration.DataDeclaration data -> visit(data.indices());
            case Declaration.VectorsDeclaration vectors -> visit(vectors.set());
            case Declaration.FunctionDeclaration function -> {
                visitBodyOf(function);
                function.equations().forEach(equation -> {
                    visit(equation.left());
                    visit(equation.right());
                });
            }
            case Declaration.MultigridDeclaration multigrid -> {
                visit(multigrid.coarsest());
                multigrid.factor().ifPresent(this::visit);
                multigrid.weight().ifPresent(this::visit);
            }
            case Declaration.SlicesDeclaration _, Declaration.LossDeclaration _ -> { }
            case Declaration.LetDeclaration let -> {
                visit(let.indices());
                visit(let.body());
            }
            case Declaration.OutputDeclaration output -> {
                visit(output.indices());
                output.guard().ifPresent(this::visit);
                visit(output.body());
                output.weight().ifPresent(this::visit);
            }
            case Declaration.ReportDeclaration report -> {
                visit(report.indices());
                report.guard().ifPresent(this::visit);
                visit(report.body());
            }
            case Declaration.PenaltyDeclaration penalty -> {
                visit(penalty.body());
                visit(penalty.weight());
            }
            case Declaration.UseDeclaration use -> {
                use.assignments().forEach(assignment -> visit(assignment.value()));
                use.weight().ifPresent(this::visit);
            }
        }
    }

    private void visitBodyOf(Declaration.FunctionDeclaration function) {
        function.parameters().forEach(parameter -> introduced.add(parameter.text()));
        function.unknowns().forEach(unknown -> introduced.add(unknown.name().text()));
        visit(function.body());
        function.unknowns().forEach(unknown -> visit(unknown.start()));
        function.derivative().ifPresent(this::visit);
    }

    private void visit(Expression expression) {
        switch (expression) {
            case Expression.NumberLiteral _ -> { }
            case Expression.NameReference reference -> used.putIfAbsent(reference.name(), reference.span());
            case Expression.Call call -> {
                used.putIfAbsent(call.function().text(), call.function().span());
                call.arguments().forEach(this::visit);
            }
            case Expression.Count count -> visit(count.set());
            case Expression.Subscript subscript -> {
                used.putIfAbsent(subscript.array().text(), subscript.array().span());
                subscript.subscripts().forEach(this::visit);
            }
            case Expression.Unary unary -> visit(unary.operand());
            case Expression.Binary binary -> {
                visit(binary.left());
                visit(binary.right());
            }
            case Expression.Conditional conditional -> {
                visit(conditional.condition());
                visit(conditional.consequence());
                visit(conditional.alternative());
            }
            case Expression.Reduction reduction -> {
                visit(reduction.indices());
                reduction.guard().ifPresent(this::visit);
                visit(reduction.body());
            }
            case Expression.VectorLiteral vector -> vector.components().forEach(this::visit);
            case Expression.ComponentSelect select -> visit(select.vector());
        }
    }

    private void visit(SetExpression set) {
        switch (set) {
            case SetExpression.SetReference reference -> used.putIfAbsent(reference.name(), reference.span());
            case SetExpression.SetCall call -> call.arguments().forEach(this::visit);
            case SetExpression.RangeSet range -> {
                visit(range.low());
                visit(range.high());
            }
            case SetExpression.PhasesSet phases -> used.putIfAbsent("phases", phases.span());
            case SetExpression.EnumeratedSet enumerated -> enumerated.members().forEach(this::visit);
            case SetExpression.FilteredSet filtered -> {
                introduced.add(filtered.index().text());
                visit(filtered.set());
                visit(filtered.condition());
            }
            case SetExpression.MappedSet mapped -> {
                visit(mapped.generators());
                visit(mapped.value());
            }
            case SetExpression.SetBinary binary -> {
                visit(binary.left());
                visit(binary.right());
            }
        }
    }

    private void visit(List<IndexBinding> indices) {
        for (IndexBinding index : indices) {
            introduced.add(index.name().text());
            index.set().ifPresent(this::visit);
        }
    }

    private void visit(Optional<Interval> interval) {
        interval.ifPresent(bounds -> {
            visit(bounds.low());
            visit(bounds.high());
        });
    }
}
