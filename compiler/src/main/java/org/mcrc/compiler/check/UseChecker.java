package org.mcrc.compiler.check;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.mcrc.compiler.diagnostic.Suggestions;
import org.mcrc.compiler.syntax.Declaration;
import org.mcrc.compiler.syntax.Declaration.FieldDeclaration;
import org.mcrc.compiler.syntax.Declaration.Named;
import org.mcrc.compiler.syntax.Declaration.ParamDeclaration;
import org.mcrc.compiler.syntax.Declaration.UseDeclaration;
import org.mcrc.compiler.syntax.IndexBinding;
import org.mcrc.compiler.syntax.SetExpression;

/** Checks that an included descriptor fits to the file that includes it. */
final class UseChecker {

    private final Symbols symbols;
    private final Constants constants;
    private final TypeChecker types;
    private final CheckReporter reporter;

    UseChecker(Symbols symbols, Constants constants, TypeChecker types, CheckReporter reporter) {
        this.symbols = symbols;
        this.constants = constants;
        this.types = types;
        this.reporter = reporter;
    }

    void check(UseDeclaration use, CheckResult used) {
        checkAssignments(use, used);
        for (Named declaration : used.declarations().values()) {
            if (declaration instanceof FieldDeclaration field) {
                checkField(use, field);
            }
        }
    }

    private void checkAssignments(UseDeclaration use, CheckResult used) {
        List<String> params = used.declarations().values().stream()
                .filter(ParamDeclaration.class::isInstance)
                .map(param -> param.name().text())
                .toList();
        Set<String> assigned = new HashSet<>();
        for (Declaration.Assignment assignment : use.assignments()) {
            String name = assignment.name().text();
            if (!assigned.add(name)) {
                reporter.report(assignment.span(), CheckError.REPEATED_ASSIGNMENT, name);
            } else if (!(used.declarations().get(name) instanceof ParamDeclaration param)) {
                reporter.at(assignment.name().span(), CheckError.UNKNOWN_USED_PARAM, used.file().name(), name)
                        .hint(() -> Suggestions.didYouMean(name, params).or(() -> params.isEmpty()
                                ? Optional.of("it has no params at all")
                                : Optional.of("it has " + String.join(", ", params.stream().limit(12).toList()))))
                        .report();
            } else {
                OptionalDouble value = constants.evaluate(assignment.value());
                Constants plain = new Constants(symbols, List.of());
                param.range().ifPresent(range ->
                        types.checkRange(name, range, value, assignment.value().span(), plain));
            }
        }
    }

    private void checkField(UseDeclaration use, FieldDeclaration field) {
        String name = field.name().text();
        Optional<Named> here = symbols.find(name);
        if (here.isEmpty() || !(here.get() instanceof FieldDeclaration own)) {
            if (!symbols.isBroken(name)) {
                reporter.at(use.file().span(), CheckError.MISSING_USED_FIELD, use.file().text(), name)
                        .hint(() -> Suggestions.nearest(name, symbols.names(FieldDeclaration.class::isInstance))
                                .map(near -> "did you mean to call '" + near + "' '" + name + "'?")
                                .or(() -> Optional.of("declare 'field " + signature(field) + "'")))
                        .note(field.name().span(), "it is declared here")
                        .report();
            }
            return;
        }
        boolean rankDiffers = own.rank().isPresent() && field.rank().isPresent()
                && own.rank().getAsInt() != field.rank().getAsInt();
        if (rankDiffers || !likeIndices(own.indices(), field.indices())) {
            reporter.at(use.file().span(), CheckError.DIFFERENT_USED_FIELD, name, signature(own), signature(field),
                            use.file().text())
                    .note(own.name().span(), "it is declared here")
                    .note(field.name().span(), "the included descriptor declares it here")
                    .report();
        }
    }

    /** Whether the indices can be the same, as far as their form shows. */
    private static boolean likeIndices(List<IndexBinding> first, List<IndexBinding> second) {
        if (first.size() != second.size()) {
            return false;
        }
        for (int position = 0; position < first.size(); position++) {
            Optional<SetExpression> one = first.get(position).set();
            Optional<SetExpression> other = second.get(position).set();
            if (one.isPresent() && other.isPresent() && isIntegers(one.get()) != isIntegers(other.get())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIntegers(SetExpression set) {
        return set instanceof SetExpression.RangeSet || set instanceof SetExpression.PhasesSet;
    }

    private static String signature(FieldDeclaration field) {
        String indices = String.join(", ", field.indices().stream().map(index -> Words.excerpt(index.span())).toList());
        return field.name() + (indices.isEmpty() ? "" : "[" + indices + "]")
                + (field.rank().isPresent() ? " rank " + field.rank().getAsInt() : "");
    }
}
