package org.mcrc.compiler.simplify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcrc.compiler.index.Argument;
import org.mcrc.compiler.index.Binary;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Coordinate;
import org.mcrc.compiler.index.Definition;
import org.mcrc.compiler.index.Expression;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.Grid;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IndexProgram;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.Member;
import org.mcrc.compiler.index.Read;
import org.mcrc.compiler.index.Reduce;
import org.mcrc.compiler.index.Select;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.index.Unary;
import org.mcrc.compiler.index.UniqueNames;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.index.WithDerivative;

/**
 * Brings a program into normal form: every reduction that does not stand at the top of a body becomes a definition of its
 * own, over the indices that are free in it.
 */
public final class HoistReductions implements Pass {
    @Override
    public IndexProgram run(IndexProgram program) {
        UniqueNames names = UniqueNames.in(program);
        List<Definition> result = new ArrayList<>();
        for (Definition definition : program.definitions()) {
            new Hoist(definition.name(), names, result).definition(definition);
        }
        return program.withDefinitions(result);
    }

    private static final class Hoist {
        private final String owner;
        private final UniqueNames names;
        private final List<Definition> result;
        private final Map<List<Expression>, Expression> replaced = new HashMap<>();

        Hoist(String owner, UniqueNames names, List<Definition> result) {
            this.owner = owner;
            this.names = names;
            this.result = result;
        }

        void definition(Definition definition) {
            Expression body = definition.body();
            if (body instanceof Reduce reduce) {
                Expression inner = withoutReductions(reduce.body(), reduce.guard());
                result.add(definition.withBody(
                        Expressions.reduce(reduce.operator(), reduce.indices(), reduce.guard(), inner)));
            } else {
                result.add(definition.withBody(withoutReductions(body, Expressions.always())));
            }
        }

        /**
         * @param path what is known where the node is used: terms for which it does not hold are not looked at there, and
         *     must neither be read outside of an axis nor spoil a derivative where they are hoisted to
         */
        private Expression withoutReductions(Expression node, Expression path) {
            if (Expressions.nodes(node).stream().noneMatch(Reduce.class::isInstance)) {
                return node;
            }
            if (node instanceof Reduce reduce) {
                Set<Index> free = new LinkedHashSet<>(Expressions.freeIndices(reduce));
                Expression guard = Expressions.and(known(path, reduce, free), reduce.guard());
                Expression taken = taken(path, reduce, free);
                List<Expression> use = List.of(reduce, guard, taken);
                Expression known = replaced.get(use);
                if (known == null) {
                    known = hoisted(reduce, free, guard, taken, Expressions.and(path, reduce.guard()));
                    replaced.put(use, known);
                }
                return known;
            }
            if (node instanceof Select select) {
                Expression condition = withoutReductions(select.condition(), path);
                return Expressions.select(condition,
                        withoutReductions(select.then(), Expressions.and(path, condition)),
                        withoutReductions(select.otherwise(), Expressions.and(path, Expressions.not(condition))));
            }
            return Expressions.withChildren(node,
                    node.children().stream().map(child -> withoutReductions(child, path)).toList());
        }

        /**
         * What of the path concerns a reduction: the conditions on its free indices. Where others are lost, terms that the
         * path would have excluded may read outside of an axis: these are left out.
         */
        private Expression known(Expression path, Reduce reduce, Set<Index> free) {
            Expression known = Expressions.always();
            boolean lost = false;
            for (Expression condition : conjuncts(path)) {
                if (!Expressions.reads(condition).isEmpty()) {
                    continue;
                }
                boolean concerns = free.containsAll(Expressions.freeIndices(condition));
                known = concerns ? Expressions.and(known, condition) : known;
                lost |= !concerns;
            }
            if (lost) {
                for (Read read : unconditionalReads(reduce.body())) {
                    known = Expressions.and(known, inside(read));
                }
            }
            return known;
        }

        /** The conditions on data that concern a reduction, where they matter: where a derivative may be infinite. */
        private static Expression taken(Expression path, Reduce reduce, Set<Index> free) {
            if (Expressions.nodes(reduce.body()).stream().noneMatch(Finiteness::mayFail)) {
                return Expressions.always();
            }
            return conjuncts(path).stream().filter(condition -> !Expressions.reads(condition).isEmpty()
                    && free.containsAll(Expressions.freeIndices(condition))).reduce(Expressions.always(), Expressions::and);
        }

        private static List<Expression> conjuncts(Expression condition) {
            if (condition instanceof Binary(BinaryOperator operator, Expression left, Expression right)
                    && operator == BinaryOperator.AND) {
                List<Expression> all = new ArrayList<>(conjuncts(left));
                all.addAll(conjuncts(right));
                return all;
            }
            return Expressions.isAlways(condition) ? List.of() : List.of(condition);
        }

        private static List<Read> unconditionalReads(Expression node) {
            return switch (node) {
                case Read read -> List.of(read);
                case Select select -> unconditionalReads(select.condition());
                case Reduce _ -> List.of();
                case Constant _, Argument _, Coordinate _, Member _, Unary _, Binary _, WithDerivative _ ->
                        node.children().stream().flatMap(child -> unconditionalReads(child).stream()).toList();
            };
        }

        /** Whether a read is inside of every finite axis. */
        private static Expression inside(Read read) {
            Expression inside = Expressions.always();
            for (int axis = 0; axis < read.subscripts().size(); axis++) {
                List<IndexForm> subscript = read.subscripts().get(axis);
                inside = Expressions.and(inside, switch (read.tensor().axes().get(axis)) {
                    case Grid _ -> Expressions.always();
                    case VectorDomain set -> subscript.getFirst().indices().size() == 1
                            && subscript.equals(IndexForm.of(subscript.getFirst().indices().iterator().next()))
                            ? Expressions.always() : Expressions.member(subscript, set);
                    case IntegerDomain(int low, int high) -> {
                        long[] bounds = subscript.getFirst().bounds();
                        Expression number = Expressions.coordinate(subscript.getFirst());
                        yield bounds[0] >= low && bounds[1] <= high ? Expressions.always() : Expressions.and(
                                Expressions.binary(BinaryOperator.LESS_OR_EQUAL, Expressions.constant(low), number),
                                Expressions.binary(BinaryOperator.LESS_OR_EQUAL, number, Expressions.constant(high)));
                    }
                });
            }
            return inside;
        }

        private Expression hoisted(Reduce reduce, Set<Index> free, Expression guard, Expression taken, Expression path) {
            Expression inner = withoutReductions(reduce.body(), path);
            Expression body = Expressions.isAlways(taken) ? inner
                    : Expressions.select(taken, inner, Expressions.constant(0));
            List<Index> axes = new ArrayList<>(free);
            axes.sort((a, b) -> Boolean.compare(b.isPixel(), a.isPixel()));
            Tensor tensor = Tensor.defined(names.part(owner), axes);
            result.add(new Definition(tensor, axes,
                    Expressions.reduce(reduce.operator(), reduce.indices(), guard, body), "part of " + owner));
            return Expressions.readAt(tensor, axes);
        }
    }
}
