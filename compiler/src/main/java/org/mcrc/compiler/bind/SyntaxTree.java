package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.mcrc.compiler.syntax.Expression;
import org.mcrc.compiler.syntax.IndexBinding;
import org.mcrc.compiler.syntax.SetExpression;

/** Walks over the formulas of a file, sets included. */
final class SyntaxTree {
    private SyntaxTree() {}

    /** The formulas directly inside a formula, those inside the sets it names included. */
    static List<Expression> children(Expression formula) {
        return switch (formula) {
            case Expression.NumberLiteral _, Expression.NameReference _ -> List.of();
            case Expression.Call call -> call.arguments();
            case Expression.Count count -> children(count.set());
            case Expression.Subscript subscript -> subscript.subscripts();
            case Expression.Unary unary -> List.of(unary.operand());
            case Expression.Binary binary -> List.of(binary.left(), binary.right());
            case Expression.Conditional conditional ->
                    List.of(conditional.condition(), conditional.consequence(), conditional.alternative());
            case Expression.Reduction reduction -> {
                List<Expression> all = new ArrayList<>();
                reduction.indices().forEach(binding -> all.addAll(children(binding)));
                reduction.guard().ifPresent(all::add);
                all.add(reduction.body());
                yield all;
            }
            case Expression.VectorLiteral literal -> literal.components();
            case Expression.ComponentSelect select -> List.of(select.vector());
        };
    }

    static List<Expression> children(IndexBinding binding) {
        return binding.set().map(SyntaxTree::children).orElse(List.of());
    }

    private static List<Expression> children(SetExpression set) {
        return switch (set) {
            case SetExpression.SetReference _, SetExpression.PhasesSet _ -> List.of();
            case SetExpression.SetCall call -> call.arguments();
            case SetExpression.RangeSet range -> List.of(range.low(), range.high());
            case SetExpression.EnumeratedSet enumerated -> enumerated.members();
            case SetExpression.FilteredSet filtered -> {
                List<Expression> all = new ArrayList<>(children(filtered.set()));
                all.add(filtered.condition());
                yield all;
            }
            case SetExpression.MappedSet mapped -> {
                List<Expression> all = new ArrayList<>();
                mapped.generators().forEach(generator -> all.addAll(children(generator)));
                all.add(mapped.value());
                yield all;
            }
            case SetExpression.SetBinary binary -> {
                List<Expression> all = new ArrayList<>(children(binary.left()));
                all.addAll(children(binary.right()));
                yield all;
            }
        };
    }

    /** Whether a formula or one inside it satisfies a condition. */
    static boolean any(Expression formula, Predicate<Expression> condition) {
        return condition.test(formula) || children(formula).stream().anyMatch(child -> any(child, condition));
    }

    /** Whether a name occurs in a formula by itself. */
    static boolean mentions(Expression formula, String name) {
        return any(formula, node -> node instanceof Expression.NameReference reference && reference.name().equals(name));
    }
}
