package org.mcrc.compiler.bind;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.mcrc.compiler.adjoint.ScalarDerivative;
import org.mcrc.compiler.bind.Value.Number;
import org.mcrc.compiler.diagnostic.DiagnosticKind;
import org.mcrc.compiler.index.BinaryOperator;
import org.mcrc.compiler.index.Constant;
import org.mcrc.compiler.index.Expressions;
import org.mcrc.compiler.index.UnaryOperator;
import org.mcrc.compiler.index.Tensor;
import org.mcrc.compiler.source.Span;
import org.mcrc.compiler.syntax.Declaration.Equation;
import org.mcrc.compiler.syntax.Declaration.FunctionDeclaration;
import org.mcrc.compiler.syntax.Declaration.Unknown;
import org.mcrc.compiler.syntax.Expression;

/** Puts functions in where they are called, and solves for their constants. */
final class FunctionBinder {
    static final DiagnosticKind NOT_SOLVED = DiagnosticKind.error("not-solved");
    static final DiagnosticKind UNKNOWN_FUNCTION = DiagnosticKind.error("unknown-function");

    private record Call(String function, int primes, List<Number> arguments, Context context) {}

    /**
     * What constants were solved for.
     *
     * @param level 0 where they are the same on all levels
     * @param dimension of vectors; 0 where they do not depend on it
     */
    private record SolvedFor(String function, int level, int dimension) {}

    private final FileBinder file;
    private final Map<Call, Number> known = new HashMap<>();
    private final Map<SolvedFor, Optional<Map<String, Number>>> constants = new HashMap<>();
    private final Map<String, Boolean> scalar = new HashMap<>();
    private final Map<String, Boolean> levelDependent = new HashMap<>();
    private int placeholders;

    FunctionBinder(FileBinder file) {
        this.file = file;
    }

    /** The value of a call of a declared or built-in function or of one of its derivatives. */
    Number call(Expression.Call call, List<Number> arguments, ExpressionBinder binder) {
        String name = call.function().text();
        FunctionDeclaration declaration = file.declaration(name, FunctionDeclaration.class);
        if (declaration == null) {
            return call.primes() == 0 ? builtIn(call, arguments, binder) : derivative(call, arguments.getFirst(),
                    argument -> builtIn(call, List.of(argument), binder));
        }
        // A function that reads arrays says something about the indices at each place where it is called.
        boolean reusable = isScalar(declaration);
        Call key = new Call(name, call.primes(), arguments,
                reusable && isLevelDependent(declaration) ? binder.context(call.span()) : null);
        Number value = reusable ? known.get(key) : null;
        if (value == null) {
            value = call.primes() == 0 ? apply(declaration, arguments, binder)
                    : derivative(call, arguments.getFirst(), argument -> apply(declaration, List.of(argument), binder));
            if (reusable) {
                known.put(key, value);
            }
        }
        return value;
    }

    private Number apply(FunctionDeclaration declaration, List<Number> arguments, ExpressionBinder binder) {
        if (arguments.size() != declaration.parameters().size()) {
            throw binder.error(ReadBinder.WRONG_COUNT, declaration.name().span(), "'" + declaration.name().text()
                    + "' takes " + Numbers.count(declaration.parameters().size(), "argument") + ", not " + arguments.size());
        }
        Scope scope = Scope.EMPTY;
        for (int i = 0; i < arguments.size(); i++) {
            scope = scope.with(declaration.parameters().get(i).text(), arguments.get(i));
        }
        for (Map.Entry<String, Number> constant : constants(declaration, binder).entrySet()) {
            scope = scope.with(constant.getKey(), constant.getValue());
        }
        Number value = binder.number(declaration.body(), scope);
        if (declaration.derivative().isEmpty() || arguments.size() != 1
                || arguments.getFirst().expression() instanceof Constant) {
            return value;
        }
        Number declared = binder.number(declaration.derivative().get(), scope);
        org.mcrc.compiler.index.Expression argument = arguments.getFirst().expression();
        if (isScalar(declaration)) {
            return new Number(Expressions.withDerivative(value.expression(), argument, declared.expression()),
                    value.structural(), null, value.arguments());
        }
        // The derivative that is given is that with respect to the parameter. What the formula reads besides has its own.
        org.mcrc.compiler.index.Expression constant = Expressions.constant(0);
        Number body = binder.number(declaration.body(), scope.with(declaration.parameters().getFirst().text(),
                Number.computed(Expressions.withDerivative(argument, argument, constant))));
        return Number.computed(Expressions.add(body.expression(),
                Expressions.withDerivative(constant, argument, declared.expression())));
    }

    private Number derivative(Expression.Call call, Number argument, java.util.function.UnaryOperator<Number> function) {
        org.mcrc.compiler.index.Expression leaf = Expressions.argument(call.function().text() + "'" + placeholders++);
        org.mcrc.compiler.index.Expression derived = function.apply(Number.computed(leaf)).expression();
        for (int order = 0; order < call.primes(); order++) {
            derived = ScalarDerivative.of(derived, leaf);
        }
        org.mcrc.compiler.index.Expression at = argument.expression();
        return Number.computed(Expressions.rewrite(derived, node -> node == leaf ? at : node));
    }

    private Number builtIn(Expression.Call call, List<Number> arguments, ExpressionBinder binder) {
        String name = call.function().text();
        return switch (name) {
            case "min", "max" -> {
                Number result = arguments.getFirst();
                for (Number argument : arguments.subList(1, arguments.size())) {
                    result = Arithmetic.binary(name.equals("min") ? BinaryOperator.MINIMUM : BinaryOperator.MAXIMUM,
                            result, argument);
                }
                yield result;
            }
            case "clamp" -> Arithmetic.binary(BinaryOperator.MINIMUM,
                    Arithmetic.binary(BinaryOperator.MAXIMUM, arguments.get(0), arguments.get(1)), arguments.get(2));
            case "atan2" -> Arithmetic.binary(BinaryOperator.ATAN2, arguments.get(0), arguments.get(1));
            case "abs" -> Arithmetic.unary(UnaryOperator.ABS, arguments.getFirst());
            case "sqrt" -> Arithmetic.unary(UnaryOperator.SQRT, arguments.getFirst());
            case "exp" -> Arithmetic.unary(UnaryOperator.EXP, arguments.getFirst());
            case "log" -> Arithmetic.unary(UnaryOperator.LOG, arguments.getFirst());
            case "sin" -> Arithmetic.unary(UnaryOperator.SIN, arguments.getFirst());
            case "cos" -> Arithmetic.unary(UnaryOperator.COS, arguments.getFirst());
            case "tan" -> Arithmetic.unary(UnaryOperator.TAN, arguments.getFirst());
            case "asin" -> Arithmetic.unary(UnaryOperator.ASIN, arguments.getFirst());
            case "acos" -> Arithmetic.unary(UnaryOperator.ACOS, arguments.getFirst());
            case "atan" -> Arithmetic.unary(UnaryOperator.ATAN, arguments.getFirst());
            case "sinh" -> Arithmetic.unary(UnaryOperator.SINH, arguments.getFirst());
            case "cosh" -> Arithmetic.unary(UnaryOperator.COSH, arguments.getFirst());
            case "tanh" -> Arithmetic.unary(UnaryOperator.TANH, arguments.getFirst());
            case "sigmoid" -> Arithmetic.unary(UnaryOperator.SIGMOID, arguments.getFirst());
            case "relu" -> Arithmetic.unary(UnaryOperator.RELU, arguments.getFirst());
            case "sign" -> Arithmetic.unary(UnaryOperator.SIGN, arguments.getFirst());
            case "step" -> Arithmetic.unary(UnaryOperator.STEP, arguments.getFirst());
            case "floor" -> Arithmetic.unary(UnaryOperator.FLOOR, arguments.getFirst());
            case "lgamma" -> Arithmetic.unary(UnaryOperator.LGAMMA, arguments.getFirst());
            case "digamma" -> Arithmetic.unary(UnaryOperator.DIGAMMA, arguments.getFirst());
            default -> throw binder.error(UNKNOWN_FUNCTION, call.function().span(), "there is no function '" + name + "'");
        };
    }

    /** Whether neither a function nor one it calls reads an array or reduces anything. */
    private boolean isScalar(FunctionDeclaration declaration) {
        return scalar.computeIfAbsent(declaration.name().text(), unknown -> !reaches(declaration,
                formula -> formula instanceof Expression.Subscript || formula instanceof Expression.Reduction
                        || formula instanceof Expression.NameReference reference && file.isArray(reference.name()),
                new LinkedHashSet<>()));
    }

    /** Whether a function may be another one on another level, or for vectors of another dimension. */
    private boolean isLevelDependent(FunctionDeclaration declaration) {
        return levelDependent.computeIfAbsent(declaration.name().text(), unknown -> reaches(declaration,
                formula -> formula instanceof Expression.Count || formula instanceof Expression.Reduction
                        || formula instanceof Expression.NameReference reference && reference.name().equals("level"),
                new LinkedHashSet<>()));
    }

    private boolean usesLevel(FunctionDeclaration declaration) {
        return reaches(declaration, formula -> formula instanceof Expression.NameReference reference
                && reference.name().equals("level"), new LinkedHashSet<>());
    }

    private boolean reaches(FunctionDeclaration declaration, Predicate<Expression> condition, Set<String> visited) {
        if (!visited.add(declaration.name().text())) {
            return false;
        }
        List<Expression> formulas = new ArrayList<>(List.of(declaration.body()));
        declaration.derivative().ifPresent(formulas::add);
        declaration.unknowns().forEach(unknown -> formulas.add(unknown.start()));
        declaration.equations().forEach(equation -> formulas.addAll(List.of(equation.left(), equation.right())));
        return formulas.stream().anyMatch(formula -> SyntaxTree.any(formula, node -> {
            if (condition.test(node)) {
                return true;
            }
            FunctionDeclaration called = node instanceof Expression.Call call
                    ? file.declaration(call.function().text(), FunctionDeclaration.class) : null;
            return called != null && reaches(called, condition, visited);
        }));
    }

    /** Solves for the constants of a function that are the same everywhere. */
    void solveEagerly(FunctionDeclaration declaration) {
        if (!isLevelDependent(declaration)) {
            constants(declaration, new ExpressionBinder(file, null, null));
        }
    }

    /** The constants of a function that were solved for. */
    private Map<String, Number> constants(FunctionDeclaration declaration, ExpressionBinder binder) {
        if (declaration.unknowns().isEmpty()) {
            return Map.of();
        }
        Span place = declaration.name().span();
        SolvedFor key = new SolvedFor(declaration.name().text(), usesLevel(declaration) ? binder.context(place).level() : 0,
                isLevelDependent(declaration) ? binder.context(place).dimension() : 0);
        Optional<Map<String, Number>> solved = constants.get(key);
        if (solved == null) {
            constants.put(key, Optional.empty());
            try {
                solve(declaration, key, binder);
            } finally {
                // Values of the function were bound with constants that had none yet.
                known.clear();
            }
            solved = constants.get(key);
        }
        return solved.orElseThrow(Abandoned::new);
    }

    private void solve(FunctionDeclaration declaration, SolvedFor key, ExpressionBinder caller) {
        List<Unknown> unknowns = declaration.unknowns();
        List<Equation> equations = declaration.equations();
        Span span = unknowns.getFirst().span().to(equations.isEmpty() ? unknowns.getLast().span()
                : equations.getLast().span());
        if (equations.size() != unknowns.size()) {
            throw caller.error(NOT_SOLVED, span, Numbers.count(unknowns.size(), "constant") + " cannot be found from "
                    + Numbers.count(equations.size(), "equation"));
        }
        Map<String, double[]> cells = new LinkedHashMap<>();
        Map<String, Number> symbols = new LinkedHashMap<>();
        boolean another = constants.keySet().stream().anyMatch(other -> other.function().equals(key.function())
                && other.level() == key.level() && other.dimension() != key.dimension());
        for (Unknown unknown : unknowns) {
            String name = file.prefix() + declaration.name().text() + "." + unknown.name().text()
                    + (key.level() == 0 ? "" : "@" + key.level()) + (another ? "." + key.dimension() + "d" : "");
            cells.put(name, new double[] {startOf(unknown, caller)});
            symbols.put(unknown.name().text(), Number.computed(Expressions.argument(name)));
        }
        constants.put(key, Optional.of(symbols));
        Set<String> from = new LinkedHashSet<>();
        EquationSolver.Outcome outcome;
        try {
            outcome = solver(equations, symbols, cells, from, caller).solve();
        } catch (FormulaCompiler.Unknown unknown) {
            constants.put(key, Optional.empty());
            throw caller.error(NOT_SOLVED, span, "these equations depend on " + unknown.getMessage()
                    + ": constants are solved for once, before there is a microstructure");
        } catch (Abandoned abandoned) {
            constants.put(key, Optional.empty());
            throw abandoned;
        }
        if (outcome.failure() != null) {
            constants.put(key, Optional.empty());
            throw file.session().error(NOT_SOLVED, span, "the constants of '" + declaration.name().text()
                    + "' were not found: Newton's method ends with a residual of "
                    + String.format(java.util.Locale.ROOT, "%.3g", outcome.residual()) + "; " + outcome.failure(),
                    outcome.residual() <= EquationSolver.TOLERANCE
                            ? "the equations hold for other values too: write some that say more"
                            : outcome.advice());
        }
        Map<String, Number> found = new LinkedHashMap<>();
        List<String> names = List.copyOf(cells.keySet());
        for (int i = 0; i < names.size(); i++) {
            double value = cells.get(names.get(i))[0];
            found.put(unknowns.get(i).name().text(), file.session().argument(names.get(i), value, from));
            file.session().solved.add(new BindSummary.Solved(names.get(i), value, outcome.residual()));
        }
        constants.put(key, Optional.of(found));
    }

    private static double startOf(Unknown unknown, ExpressionBinder caller) {
        Number start = caller.number(unknown.start(), Scope.EMPTY);
        return caller.constant(start).orElseThrow(() -> caller.error(ExpressionBinder.NOT_CONSTANT, unknown.start().span(),
                "the start must be known when the descriptor is bound"));
    }

    private EquationSolver solver(List<Equation> equations, Map<String, Number> symbols, Map<String, double[]> cells,
            Set<String> from, ExpressionBinder caller) throws FormulaCompiler.Unknown {
        Scope scope = Scope.EMPTY;
        for (Map.Entry<String, Number> symbol : symbols.entrySet()) {
            scope = scope.with(symbol.getKey(), symbol.getValue());
        }
        IndexSpace space = new IndexSpace();
        FormulaCompiler compiler = new FormulaCompiler(space, new FormulaCompiler.Known() {
            @Override
            public double[] cell(String argument) {
                return cells.containsKey(argument) ? cells.get(argument) : file.session().cell(argument);
            }

            @Override
            public double[] data(Tensor tensor) {
                return file.session().data(tensor);
            }
        });
        FormulaCompiler.Formula[] residuals = new FormulaCompiler.Formula[equations.size()];
        FormulaCompiler.Formula[][] jacobian = new FormulaCompiler.Formula[equations.size()][equations.size()];
        for (int row = 0; row < residuals.length; row++) {
            Number difference = Arithmetic.binary(BinaryOperator.SUBTRACT,
                    caller.number(equations.get(row).left(), scope), caller.number(equations.get(row).right(), scope));
            from.addAll(ExpressionBinder.dependencies(difference));
            residuals[row] = compiler.compile(difference.expression());
            int column = 0;
            for (Number symbol : symbols.values()) {
                jacobian[row][column++] = compiler.compile(
                        ScalarDerivative.of(difference.expression(), symbol.expression()));
            }
        }
        from.removeAll(cells.keySet());
        return new EquationSolver(cells.values().toArray(double[][]::new), residuals, jacobian, space.slots());
    }
}
