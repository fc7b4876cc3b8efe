package org.mcrc.compiler.check;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Declaration;
import org.mcrc.compiler.syntax.Expression;
import org.mcrc.compiler.syntax.IndexBinding;
import org.mcrc.compiler.syntax.Interval;
import org.mcrc.compiler.syntax.SetExpression;

/** Finds the names that occur in a piece of a tree, local ones among them. */
final class References {

    private References() {}

    /** Gives all names that occur in {@code declaration}, its own not counted, with their places to {@code found}. */
    static void in(Declaration declaration, BiConsumer<String, Span> found) {
        switch (declaration) {
            case Declaration.ParamDeclaration param -> {
                in(param.value(), found);
                in(param.range(), found);
            }
            case Declaration.FieldDeclaration field -> {
                in(field.indices(), found);
                in(field.range(), found);
            }
            case Declaration.DataDeclaration data -> in(data.indices(), found);
            case Declaration.VectorsDeclaration vectors -> in(vectors.set(), found);
            case Declaration.FunctionDeclaration function -> {
                inBodyOf(function, found);
                function.equations().forEach(equation -> {
                    in(equation.left(), found);
                    in(equation.right(), found);
                });
            }
            case Declaration.MultigridDeclaration multigrid -> {
                in(multigrid.coarsest(), found);
                multigrid.factor().ifPresent(factor -> in(factor, found));
                multigrid.weight().ifPresent(weight -> in(weight, found));
            }
            case Declaration.SlicesDeclaration _, Declaration.LossDeclaration _ -> { }
            case Declaration.LetDeclaration let -> {
                in(let.indices(), found);
                in(let.body(), found);
            }
            case Declaration.OutputDeclaration output -> {
                in(output.indices(), found);
                output.guard().ifPresent(guard -> in(guard, found));
                in(output.body(), found);
                output.weight().ifPresent(weight -> in(weight, found));
            }
            case Declaration.ReportDeclaration report -> {
                in(report.indices(), found);
                report.guard().ifPresent(guard -> in(guard, found));
                in(report.body(), found);
            }
            case Declaration.PenaltyDeclaration penalty -> {
                in(penalty.body(), found);
                in(penalty.weight(), found);
            }
            case Declaration.UseDeclaration use -> {
                use.assignments().forEach(assignment -> in(assignment.value(), found));
                use.weight().ifPresent(weight -> in(weight, found));
            }
        }
    }

    /** The same for all of a function but its equations, which may use the function itself. */
    static void inBodyOf(Declaration.FunctionDeclaration function, BiConsumer<String, Span> found) {
        in(function.body(), found);
        function.unknowns().forEach(unknown -> in(unknown.start(), found));
        function.derivative().ifPresent(derivative -> in(derivative, found));
    }

    /** The same for an expression. */
    static void in(Expression expression, BiConsumer<String, Span> found) {
        switch (expression) {
            case Expression.NumberLiteral _ -> { }
            case Expression.NameReference reference -> found.accept(reference.name(), reference.span());
            case Expression.Call call -> {
                found.accept(call.function().text(), call.function().span());
                call.arguments().forEach(argument -> in(argument, found));
            }
            case Expression.Count count -> in(count.set(), found);
            case Expression.Subscript subscript -> {
                found.accept(subscript.array().text(), subscript.array().span());
                subscript.subscripts().forEach(each -> in(each, found));
            }
            case Expression.Unary unary -> in(unary.operand(), found);
            case Expression.Binary binary -> {
                in(binary.left(), found);
                in(binary.right(), found);
            }
            case Expression.Conditional conditional -> {
                in(conditional.condition(), found);
                in(conditional.consequence(), found);
                in(conditional.alternative(), found);
            }
            case Expression.Reduction reduction -> {
                in(reduction.indices(), found);
                reduction.guard().ifPresent(guard -> in(guard, found));
                in(reduction.body(), found);
            }
            case Expression.VectorLiteral vector -> vector.components().forEach(each -> in(each, found));
            case Expression.ComponentSelect select -> in(select.vector(), found);
        }
    }

    /** The same for a set. */
    static void in(SetExpression set, BiConsumer<String, Span> found) {
        switch (set) {
            case SetExpression.SetReference reference -> found.accept(reference.name(), reference.span());
            case SetExpression.SetCall call -> call.arguments().forEach(argument -> in(argument, found));
            case SetExpression.RangeSet range -> {
                in(range.low(), found);
                in(range.high(), found);
            }
            case SetExpression.PhasesSet phases -> found.accept("phases", phases.span());
            case SetExpression.EnumeratedSet enumerated -> enumerated.members().forEach(each -> in(each, found));
            case SetExpression.FilteredSet filtered -> {
                in(filtered.set(), found);
                in(filtered.condition(), found);
            }
            case SetExpression.MappedSet mapped -> {
                in(mapped.generators(), found);
                in(mapped.value(), found);
            }
            case SetExpression.SetBinary binary -> {
                in(binary.left(), found);
                in(binary.right(), found);
            }
        }
    }

    private static void in(List<IndexBinding> indices, BiConsumer<String, Span> found) {
        indices.forEach(index -> index.set().ifPresent(set -> in(set, found)));
    }

    private static void in(Optional<Interval> interval, BiConsumer<String, Span> found) {
        interval.ifPresent(bounds -> {
            in(bounds.low(), found);
            in(bounds.high(), found);
        });
    }
}
