package org.mcrc.compiler.bind;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mcrc.compiler.bind.Value.Number;
import org.mcrc.compiler.bind.Value.Truth;
import org.mcrc.compiler.bind.Value.Vector;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.index.Count;
import org.mcrc.compiler.index.FiniteDomain;
import org.mcrc.compiler.index.Index;
import org.mcrc.compiler.index.IndexForm;
import org.mcrc.compiler.index.IntegerDomain;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Declaration.VectorsDeclaration;
import org.mcrc.compiler.syntax.Expression;
import org.mcrc.compiler.syntax.SetExpression;

/** Gives sets their members. How many there are is known before they are listed, and too many are refused. */
final class SetBinder {
    static final DiagnosticKind SET_TOO_LARGE = DiagnosticKind.error("set-too-large");
    static final DiagnosticKind SET_ARGUMENT = DiagnosticKind.error("set-argument");
    static final DiagnosticKind WRONG_SET_DIMENSION = DiagnosticKind.error("wrong-set-dimension");

    /** More would be no set that anything is done with. */
    static final long MOST_MEMBERS = 1_000_000;
    /** Sums of components stay far from the limits of integers. */
    private static final int GREATEST_COMPONENT = 1 << 24;

    /**
     * A set with its members.
     *
     * @param vectors whether they are vectors, not integers
     */
    record Members(FiniteDomain domain, boolean vectors) {}

    private record Key(String name, int dimension) {}

    private final FileBinder file;
    private final Map<Key, Optional<VectorDomain>> declared = new HashMap<>();

    SetBinder(FileBinder file) {
        this.file = file;
    }

    /** The members of a set. */
    Members domain(SetExpression set, Scope scope, ExpressionBinder binder) {
        binder.session().step(set.span());
        return switch (set) {
            case SetExpression.SetReference reference -> vectors(declared(reference.name(), binder, reference.span()));
            case SetExpression.SetCall call -> vectors(construct(call, scope, binder));
            case SetExpression.RangeSet range -> new Members(range(binder.integer(range.low(), scope),
                    binder.integer(range.high(), scope), range.span()), false);
            case SetExpression.PhasesSet _ -> new Members(
                    new IntegerDomain(0, binder.session().binding().phases() - 1), false);
            case SetExpression.EnumeratedSet enumerated -> vectors(enumerate(enumerated, scope, binder));
            case SetExpression.FilteredSet filtered -> filter(filtered, scope, binder);
            case SetExpression.MappedSet mapped -> map(mapped, scope, binder);
            case SetExpression.SetBinary binary -> combine(binary, scope, binder);
        };
    }

    private static Members vectors(VectorDomain domain) {
        return new Members(domain, true);
    }

    /** The integers from {@code low} to {@code high}. */
    IntegerDomain range(long low, long high, Span span) {
        if (high - low + 1 > MOST_MEMBERS) {
            throw tooLarge(span, BigInteger.valueOf(high - low + 1));
        }
        return low > high ? new IntegerDomain(0, -1) : new IntegerDomain(component(low, span), component(high, span));
    }

    private Abandoned tooLarge(Span span, BigInteger count) {
        return file.session().error(SET_TOO_LARGE, span, "this set would have " + count + " members; at most "
                + MOST_MEMBERS + " are allowed");
    }

    /** A declared set, for vectors of the dimension that formulas see here. */
    VectorDomain declared(String name, ExpressionBinder binder, Span span) {
        Key key = new Key(name, binder.context(span).dimension());
        Optional<VectorDomain> known = declared.get(key);
        if (known == null) {
            known = Optional.empty();
            declared.put(key, known);
            VectorsDeclaration declaration = file.declaration(name, VectorsDeclaration.class);
            if (declaration != null) {
                Members members = domain(declaration.set(), Scope.EMPTY, binder);
                if (members.domain() instanceof VectorDomain set) {
                    known = Optional.of(set.named(file.prefix() + name));
                    declared.put(key, known);
                }
            }
        }
        return known.orElseThrow(Abandoned::new);
    }

    private VectorDomain construct(SetExpression.SetCall call, Scope scope, ExpressionBinder binder) {
        int dimension = binder.context(call.span()).dimension();
        List<Expression> arguments = call.arguments();
        return switch (call.constructor().text()) {
            case "window" -> {
                int[] high = extents(call, scope, binder, dimension);
                int[] low = new int[dimension];
                for (int axis = 0; axis < dimension; axis++) {
                    low[axis] = -high[axis];
                }
                yield product(call, low, high, false);
            }
            case "halfwindow" -> {
                int[] high = extents(call, scope, binder, dimension);
                int[] low = new int[dimension];
                for (int axis = 0; axis < dimension; axis++) {
                    low[axis] = -high[axis];
                }
                yield product(call, low, high, true);
            }
            case "box" -> {
                int[] high = extents(call, scope, binder, dimension);
                for (int axis = 0; axis < dimension; axis++) {
                    high[axis]--;
                }
                yield product(call, new int[dimension], high, false);
            }
            case "axes" -> {
                int length = size(arguments.getFirst(), scope, binder);
                checkCount(call.span(),
                        BigInteger.valueOf(length).multiply(BigInteger.valueOf(dimension)).add(BigInteger.ONE));
                List<int[]> members = new ArrayList<>();
                for (int axis = 0; axis < dimension; axis++) {
                    for (int k = 0; k <= length; k++) {
                        int[] member = new int[dimension];
                        member[axis] = k;
                        members.add(member);
                    }
                }
                yield new VectorDomain(call.span().text(), dimension, members);
            }
            case "line" -> {
                int[] direction = constantVector(arguments.get(0), scope, binder, dimension);
                int length = size(arguments.get(1), scope, binder);
                checkCount(call.span(), BigInteger.valueOf(length).add(BigInteger.ONE));
                List<int[]> members = new ArrayList<>();
                for (int k = 0; k <= length; k++) {
                    int[] member = new int[dimension];
                    for (int axis = 0; axis < dimension; axis++) {
                        member[axis] = component((long) k * direction[axis], call.span());
                    }
                    members.add(member);
                }
                yield new VectorDomain(call.span().text(), dimension, members);
            }
            case "random" -> random(call, scope, binder, dimension);
            default -> throw binder.error(ExpressionBinder.MISPLACED, call.span(),
                    "'" + call.constructor().text() + "' makes no set");
        };
    }

    private int size(Expression argument, Scope scope, ExpressionBinder binder) {
        int size = binder.integer(argument, scope);
        if (size < 0) {
            throw binder.error(SET_ARGUMENT, argument.span(), "this must not be negative, and is " + size);
        }
        if (size > GREATEST_COMPONENT) {
            throw binder.error(SET_TOO_LARGE, argument.span(), "this is " + size + "; at most " + GREATEST_COMPONENT
                    + " are allowed");
        }
        return size;
    }

    /** One number for all axes, or one for each. */
    private int[] extents(SetExpression.SetCall call, Scope scope, ExpressionBinder binder, int dimension) {
        int count = call.arguments().size();
        if (count != 1 && count != dimension) {
            throw binder.error(WRONG_SET_DIMENSION, call.span(), "this set has " + count
                    + " dimensions and vectors have " + dimension + here(binder, dimension));
        }
        int[] extents = new int[dimension];
        for (int axis = 0; axis < dimension; axis++) {
            extents[axis] = size(call.arguments().get(count == 1 ? 0 : axis), scope, binder);
        }
        return extents;
    }

    private void checkCount(Span span, BigInteger count) {
        if (count.compareTo(BigInteger.valueOf(MOST_MEMBERS)) > 0) {
            throw tooLarge(span, count);
        }
    }

    /** All vectors between two corners; of a symmetric window, {@code half} keeps zero and what comes after it. */
    private VectorDomain product(SetExpression.SetCall call, int[] low, int[] high, boolean half) {
        BigInteger count = BigInteger.ONE;
        for (int axis = 0; axis < low.length; axis++) {
            count = count.multiply(BigInteger.valueOf(Math.max(0, high[axis] - low[axis] + 1)));
        }
        checkCount(call.span(), half ? count.add(BigInteger.ONE).shiftRight(1) : count);
        List<int[]> members = new ArrayList<>();
        int total = count.intValueExact();
        for (int rank = half ? total / 2 : 0; rank < total; rank++) {
            members.add(unrank(rank, low, high));
        }
        return new VectorDomain(call.span().text(), low.length, members);
    }

    /** The vector at a position in the lexicographic order of a box. */
    private static int[] unrank(long rank, int[] low, int[] high) {
        int[] member = new int[low.length];
        long rest = rank;
        for (int axis = low.length - 1; axis >= 0; axis--) {
            int extent = high[axis] - low[axis] + 1;
            member[axis] = low[axis] + (int) (rest % extent);
            rest /= extent;
        }
        return member;
    }

    private VectorDomain random(SetExpression.SetCall call, Scope scope, ExpressionBinder binder, int dimension) {
        Expression wanted = call.arguments().get(0);
        int count = size(wanted, scope, binder);
        int reach = size(call.arguments().get(1), scope, binder);
        double seed = binder.constant(call.arguments().get(2), scope);
        if (seed != Math.rint(seed) || Math.abs(seed) > 1L << 53) {
            throw binder.error(ExpressionBinder.NOT_AN_INTEGER, call.arguments().get(2).span(),
                    "a seed is an integer of at most 2^53, and this is " + Numbers.text(seed));
        }
        checkCount(wanted.span(), BigInteger.valueOf(count));
        BigInteger window = BigInteger.valueOf(2L * reach + 1).pow(dimension);
        if (window.bitLength() > 62) {
            throw tooLarge(call.span(), window);
        }
        long others = (window.longValueExact() - 1) / 2;
        if (count < 1 || count > others + 1) {
            throw binder.error(SET_ARGUMENT, wanted.span(), "halfwindow(" + reach + ") has "
                    + Numbers.count(others + 1, "member") + "; " + count + " cannot be chosen from them");
        }
        int[] high = new int[dimension];
        int[] low = new int[dimension];
        for (int axis = 0; axis < dimension; axis++) {
            high[axis] = reach;
            low[axis] = -reach;
        }
        List<int[]> members = new ArrayList<>();
        members.add(new int[dimension]);
        for (long rank : RandomChoice.choose(count - 1, others, (long) seed)) {
            members.add(unrank(others + 1 + rank, low, high));
        }
        return new VectorDomain(call.span().text(), dimension, members);
    }

    private int component(long value, Span span) {
        if (Math.abs(value) > GREATEST_COMPONENT) {
            throw file.session().error(SET_TOO_LARGE, span, "this set reaches to " + value + "; at most "
                    + GREATEST_COMPONENT + " is allowed");
        }
        return (int) value;
    }

    private int[] constantVector(Expression expression, Scope scope, ExpressionBinder binder, int dimension) {
        Vector vector = vector(binder.bind(expression, scope), expression, binder, dimension);
        int[] components = new int[dimension];
        for (int axis = 0; axis < dimension; axis++) {
            IndexForm form = vector.components().get(axis);
            if (!form.isConstant()) {
                throw binder.error(ExpressionBinder.NOT_CONSTANT, expression.span(),
                        "the members of a set do not depend on an index outside of it");
            }
            components[axis] = component(form.constant(), expression.span());
        }
        return components;
    }

    private static Vector vector(Value value, Expression expression, ExpressionBinder binder, int dimension) {
        if (value instanceof Vector vector && vector.dimension() != dimension) {
            throw binder.error(WRONG_SET_DIMENSION, expression.span(), "this vector has " + vector.dimension()
                    + " components and vectors have " + dimension + here(binder, dimension));
        }
        return binder.vector(value, dimension, expression.span());
    }

    /** A set may be right for the formulas of a file with slices, and wrong where the whole volume is seen. */
    private static String here(ExpressionBinder binder, int dimension) {
        boolean whole = dimension == 3
                && !binder.file().declarations(org.mcrc.compiler.syntax.Declaration.SlicesDeclaration.class).isEmpty();
        return whole ? " in penalties, which see the whole volume and not its slices" : " here";
    }

    private VectorDomain enumerate(SetExpression.EnumeratedSet set, Scope scope, ExpressionBinder binder) {
        int dimension = binder.context(set.span()).dimension();
        List<int[]> members = new ArrayList<>();
        for (Expression member : set.members()) {
            members.add(constantVector(member, scope, binder, dimension));
        }
        return new VectorDomain(set.span().text(), dimension, members);
    }

    private Members filter(SetExpression.FilteredSet set, Scope scope, ExpressionBinder binder) {
        Members base = domain(set.set(), scope, binder);
        Index index = new Index(set.index().text(), base.domain());
        Truth condition = binder.truth(set.condition(), scope.with(set.index().text(), index));
        List<int[]> members = new ArrayList<>();
        // Of data, which only the value reads, each element is known.
        org.mcrc.compiler.index.Expression known =
                condition.structural() == null ? condition.expression() : condition.structural();
        try {
            IndexSpace space = new IndexSpace();
            IndexSpace.Cursor cursor = space.cursor(List.of(index));
            FormulaCompiler.Formula formula = new FormulaCompiler(space, file.session())
                    .compile(known);
            requireOnly(List.of(index), org.mcrc.compiler.index.Expressions.freeIndices(known),
                    set.condition(), binder);
            int offset = space.offset(index);
            int[] slots = space.slots();
            for (boolean more = cursor.first(slots); more; more = cursor.next(slots)) {
                if (formula.holds(slots)) {
                    members.add(java.util.Arrays.copyOfRange(slots, offset, offset + base.domain().components()));
                }
            }
        } catch (FormulaCompiler.Unknown unknown) {
            throw binder.error(ExpressionBinder.NOT_CONSTANT, set.condition().span(),
                    "the members of a set do not depend on the microstructure");
        }
        file.session().fold(condition.arguments());
        file.session().fold(ExpressionBinder.dependencies(known));
        return new Members(new VectorDomain(set.span().text(), base.domain().components(), members), base.vectors());
    }

    private static void requireOnly(List<Index> allowed, Set<Index> found, Expression place, ExpressionBinder binder) {
        if (!new HashSet<>(allowed).containsAll(found)) {
            throw binder.error(ExpressionBinder.NOT_CONSTANT, place.span(),
                    "the members of a set do not depend on an index outside of it");
        }
    }

    private Members map(SetExpression.MappedSet set, Scope scope, ExpressionBinder binder) {
        List<Expression> formulas = new ArrayList<>(List.of(set.value()));
        IndexBinder.Bound bound = IndexBinder.bind(set.generators(), formulas, scope, binder);
        Value value = binder.where(bound.inForce(), () -> binder.bind(set.value(), bound.scope()));
        // What comes to 0, as k - k does, is a number; only 0 by itself is the zero vector.
        boolean integers = value instanceof Number
                && !(set.value() instanceof Expression.NumberLiteral literal && literal.value() == 0);
        List<IndexForm> forms = integers ? List.of(binder.integerForm((Number) value, set.value().span()))
                : vector(value, set.value(), binder, binder.context(set.span()).dimension()).components();
        Set<Index> free = new HashSet<>();
        forms.forEach(form -> free.addAll(form.indices()));
        requireOnly(bound.indices(), free, set.value(), binder);
        List<int[]> members = new ArrayList<>();
        boolean guarded = !org.mcrc.compiler.index.Expressions.isAlways(bound.condition());
        Optional<LinearImage> image = guarded ? Optional.empty() : LinearImage.of(forms);
        if (image.isPresent()) {
            checkCount(set.span(), BigInteger.valueOf(image.get().count()));
            image.get().all(members::add);
        } else {
            list(set, bound, forms, members, binder);
        }
        members.forEach(member -> {
            for (int component : member) {
                component(component, set.span());
            }
        });
        return new Members(new VectorDomain(set.span().text(), forms.size(), members), !integers);
    }

    private void list(SetExpression.MappedSet set, IndexBinder.Bound bound, List<IndexForm> forms, List<int[]> members,
            ExpressionBinder binder) {
        long combinations = Count.of(bound.indices());
        if (!file.session().allowsCombinations(combinations)) {
            throw binder.error(SET_TOO_LARGE, set.span(), "this set is made of " + combinations
                    + " combinations: too many to go through");
        }
        try {
            IndexSpace space = new IndexSpace();
            IndexSpace.Cursor cursor = space.cursor(bound.indices());
            FormulaCompiler compiler = new FormulaCompiler(space, file.session());
            FormulaCompiler.IntegerFormula[] components = compiler.compile(forms);
            FormulaCompiler.Formula condition = compiler.compile(bound.condition());
            int[] slots = space.slots();
            Set<List<Integer>> seen = new HashSet<>();
            for (boolean more = cursor.first(slots); more; more = cursor.next(slots)) {
                if (condition.holds(slots)) {
                    int[] member = FormulaCompiler.at(components, slots);
                    if (seen.add(java.util.Arrays.stream(member).boxed().toList())) {
                        members.add(member);
                        if (members.size() > MOST_MEMBERS) {
                            throw binder.error(SET_TOO_LARGE, set.span(), "this set would have more than "
                                    + MOST_MEMBERS + " members");
                        }
                    }
                }
            }
        } catch (FormulaCompiler.Unknown unknown) {
            throw binder.error(ExpressionBinder.NOT_CONSTANT, set.span(),
                    "the members of a set do not depend on the microstructure");
        }
    }

    private Members combine(SetExpression.SetBinary set, Scope scope, ExpressionBinder binder) {
        Members left = domain(set.left(), scope, binder);
        Members right = domain(set.right(), scope, binder);
        if (left.vectors() != right.vectors() || left.domain().components() != right.domain().components()) {
            throw binder.error(WRONG_SET_DIMENSION, set.span(), "these sets have members of different kinds");
        }
        List<int[]> members = new ArrayList<>();
        for (int[] member : list(left.domain())) {
            boolean common = right.domain().ordinal(member) >= 0;
            if (switch (set.operator()) {
                case UNION -> true;
                case DIFFERENCE -> !common;
                case INTERSECTION -> common;
            }) {
                members.add(member);
            }
        }
        if (set.operator() == SetExpression.SetOperator.UNION) {
            members.addAll(list(right.domain()));
            checkCount(set.span(), BigInteger.valueOf(members.stream()
                    .map(member -> java.util.Arrays.stream(member).boxed().toList()).distinct().count()));
        }
        return new Members(new VectorDomain(set.span().text(), left.domain().components(), members), left.vectors());
    }

    private static List<int[]> list(FiniteDomain domain) {
        List<int[]> members = new ArrayList<>();
        for (int ordinal = 0; ordinal < domain.size(); ordinal++) {
            int[] member = new int[domain.components()];
            for (int component = 0; component < member.length; component++) {
                member[component] = domain.component(ordinal, component);
            }
            members.add(member);
        }
        return members;
    }
}
