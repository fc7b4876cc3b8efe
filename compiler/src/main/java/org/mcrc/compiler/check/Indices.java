package org.mcrc.compiler.check;

import java.util.List;
import java.util.Optional;
import org.mcrc.compiler.syntax.Declaration.Named;
import org.mcrc.compiler.syntax.IndexBinding;
import org.mcrc.compiler.syntax.Name;

/** Introduces local names: indices, parameters, solved constants. */
final class Indices {

    private final TypeChecker checker;
    private final Symbols symbols;
    private final CheckReporter reporter;

    Indices(TypeChecker checker, Symbols symbols, CheckReporter reporter) {
        this.checker = checker;
        this.symbols = symbols;
        this.reporter = reporter;
    }

    Context bind(List<IndexBinding> indices, Context context) {
        Context bound = context;
        Scope later = context.outOfReach();
        for (IndexBinding index : indices) {
            later = later.with(
                    new Local(index.name(), Local.Kind.UNKNOWN, Optional.of("it is introduced further on")));
        }
        for (IndexBinding index : indices) {
            Local.Kind kind = Local.Kind.PIXEL;
            if (index.set().isPresent()) {
                Context here = bound.as(bound.role().ofSets()).outside(later, bound.reason());
                kind = switch (checker.sets().set(index.set().get(), here)) {
                    case INTEGERS -> Local.Kind.INTEGER;
                    case VECTORS -> Local.Kind.VECTOR;
                    case UNKNOWN -> Local.Kind.UNKNOWN;
                };
            }
            bound = introduce(index.name(), kind, bound, context.scope());
        }
        return bound;
    }

    /** Adds a local name; {@code enclosing} holds those of the surroundings, in contrast to those of the same list. */
    Context introduce(Name name, Local.Kind kind, Context context, Scope enclosing) {
        Local local = new Local(name, kind);
        Optional<Local> other = context.scope().find(name.text());
        Optional<Named> declared = symbols.find(name.text());
        if (declared.isPresent()) {
            reporter.at(name.span(), CheckError.SHADOWED_NAME, kind.words(), name, Symbols.describe(declared.get()))
                    .note(declared.get().name().span(), "it is declared here")
                    .report();
        } else if (other.isPresent()) {
            local.markRead();
            other.get().markRead();
            boolean sameList = enclosing.find(name.text()).isEmpty() || kind == Local.Kind.PARAMETER
                    || kind == Local.Kind.SOLVED;
            reporter.at(name.span(), sameList ? CheckError.DUPLICATE_LOCAL : CheckError.SHADOWED_NAME,
                            sameList ? new Object[] {kind.words(), name}
                                    : new Object[] {kind.words(), name, "one that encloses it"})
                    .note(other.get().name().span(), "it is introduced here")
                    .report();
        }
        if (kind == Local.Kind.PIXEL) {
            checker.notePixel(local);
        }
        return context.with(local);
    }

    void checkPixelsAreRead(Scope scope, List<IndexBinding> indices) {
        for (IndexBinding index : indices) {
            Optional<Local> local = scope.find(index.name().text());
            if (index.isPixel() && local.isPresent() && !local.get().isRead()) {
                reporter.report(index.span(), CheckError.PIXEL_INDEX_WITHOUT_GRID, index.name());
            }
        }
    }
}
