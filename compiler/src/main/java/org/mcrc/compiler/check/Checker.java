package org.mcrc.compiler.check;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mcrc.compiler.diagnostic.Diagnostics;
import org.mcrc.compiler.diagnostic.Severity;
import org.mcrc.compiler.source.SourceFile;
import org.mcrc.compiler.syntax.Declaration;
import org.mcrc.compiler.syntax.Declaration.FieldDeclaration;
import org.mcrc.compiler.syntax.Declaration.LossDeclaration;
import org.mcrc.compiler.syntax.Declaration.MultigridDeclaration;
import org.mcrc.compiler.syntax.Declaration.Named;
import org.mcrc.compiler.syntax.Declaration.OutputDeclaration;
import org.mcrc.compiler.syntax.Declaration.SlicesDeclaration;
import org.mcrc.compiler.syntax.Declaration.UseDeclaration;
import org.mcrc.compiler.syntax.DescriptorFile;
import org.mcrc.compiler.syntax.FileName;
import org.mcrc.compiler.syntax.ParseResult;

/** Checks descriptor files, as far as that is possible without sizes and the values of params. Never throws. */
public final class Checker {

    private final UseLoader loader;
    private final Diagnostics diagnostics;
    /** What is being checked, by the place of the file, outermost first. */
    private final Map<String, String> including = new LinkedHashMap<>();
    /** What was checked, so that a file that is included often is checked once. */
    private final Map<String, Optional<CheckResult>> checked = new HashMap<>();

    private Checker(UseLoader loader, Diagnostics diagnostics) {
        this.loader = loader;
        this.diagnostics = diagnostics;
    }

    /**
     * Checks a file and those that it includes; what is wrong is reported to {@code diagnostics}, which holds their
     * syntax errors.
     */
    public static CheckResult check(ParseResult parsed, UseLoader loader, Diagnostics diagnostics) {
        // Where a declaration is missing because it could not be parsed, nothing is said to be missing or unused.
        return check(parsed, !hasErrors(diagnostics, parsed.file().source()), loader, diagnostics);
    }

    /** Checks what is left of a file, in which nothing is said to be missing or unused. */
    static CheckResult checkPart(DescriptorFile file, UseLoader loader, Diagnostics diagnostics) {
        return check(new ParseResult(file, Set.of()), false, loader, diagnostics);
    }

    private static CheckResult check(ParseResult parsed, boolean complete, UseLoader loader, Diagnostics diagnostics) {
        Checker checker = new Checker(loader, diagnostics);
        SourceFile source = parsed.file().source();
        checker.including.put(place(source), source.name());
        return checker.check(parsed, complete);
    }

    private static String place(SourceFile source) {
        try {
            return source.path().orElseGet(() -> Path.of(source.name())).toAbsolutePath().normalize().toString();
        } catch (InvalidPathException exception) {
            return source.name();
        }
    }

    private CheckResult check(ParseResult parsed, boolean complete) {
        DescriptorFile file = parsed.file();
        CheckReporter reporter = new CheckReporter(diagnostics);
        Symbols symbols = new Symbols(file, parsed.brokenNames(), reporter);
        Dependencies dependencies = new Dependencies(symbols, reporter);
        List<String> order = dependencies.order();
        Constants constants = new Constants(symbols, order);
        Dimensions dimensions = new Dimensions(file, reporter);
        TypeChecker types = new TypeChecker(symbols, order, constants, dimensions, reporter);

        if (complete) {
            checkPresence(file, reporter);
        }
        checkRepetition(file, reporter);
        order.forEach(name -> types.check((Declaration) symbols.find(name).orElseThrow()));
        file.declarations().stream()
                .filter(each -> !(each instanceof Named named
                        && symbols.find(named.name().text()).orElse(null) == each))
                .forEach(types::check);
        dimensions.check();
        GridInference.check(symbols, order, types, reporter);

        Map<String, CheckResult> used = new LinkedHashMap<>();
        boolean usesAreKnown = true;
        UseChecker uses = new UseChecker(symbols, constants, types, reporter);
        for (Declaration declaration : file.declarations()) {
            if (declaration instanceof UseDeclaration use) {
                Optional<CheckResult> result = load(use.file(), reporter);
                result.ifPresent(included -> {
                    uses.check(use, included);
                    used.putIfAbsent(use.name().text(), included);
                });
                usesAreKnown &= result.isPresent();
            }
        }

        boolean hasUse = file.declarations().stream().anyMatch(UseDeclaration.class::isInstance);
        boolean hasField = symbols.all().stream().anyMatch(FieldDeclaration.class::isInstance);
        new Differentiability(symbols, reporter).check(
                order, complete && hasField && !hasUse, !hasErrors(file.source()));
        if (complete && usesAreKnown) {
            UnusedDeclarations.check(file, symbols, fieldsOf(used), reporter);
        }
        boolean valid = !hasErrors(file.source()) && usesAreKnown
                && used.values().stream().allMatch(CheckResult::valid);
        return new CheckResult(file, valid, symbols.declarations(), order, used);
    }

    private boolean hasErrors(SourceFile source) {
        return hasErrors(diagnostics, source);
    }

    private static boolean hasErrors(Diagnostics diagnostics, SourceFile source) {
        return diagnostics.all().stream()
                .anyMatch(each -> each.severity() == Severity.ERROR && each.span().file() == source);
    }

    private static Set<String> fieldsOf(Map<String, CheckResult> used) {
        Set<String> fields = new HashSet<>();
        used.values().forEach(each -> each.declarations().forEach((name, declaration) -> {
            if (declaration instanceof FieldDeclaration) {
                fields.add(name);
            }
        }));
        return fields;
    }

    private static void checkPresence(DescriptorFile file, CheckReporter reporter) {
        List<Declaration> declarations = file.declarations();
        if (declarations.stream().noneMatch(FieldDeclaration.class::isInstance)) {
            reporter.at(file.name().span(), CheckError.MISSING_FIELD)
                    .hint("declare the microstructure, as in 'field M in [0, 1]'")
                    .report();
        }
        boolean hasOutput = declarations.stream()
                .anyMatch(each -> each instanceof OutputDeclaration || each instanceof UseDeclaration);
        if (!hasOutput) {
            reporter.at(file.name().span(), CheckError.MISSING_OUTPUT)
                    .hint("declare what it consists of, as in 'output phi = mean[x](M[x])'")
                    .report();
        }
    }

    private static void checkRepetition(DescriptorFile file, CheckReporter reporter) {
        Map<String, Declaration> first = new HashMap<>();
        for (Declaration declaration : file.declarations()) {
            String keyword = switch (declaration) {
                case LossDeclaration _ -> "loss";
                case MultigridDeclaration _ -> "multigrid";
                case SlicesDeclaration _ -> "slices";
                case Named _ -> "";
            };
            if (!keyword.isEmpty()) {
                Declaration earlier = first.putIfAbsent(keyword, declaration);
                if (earlier != null) {
                    reporter.at(declaration.span(), CheckError.REPEATED_DECLARATION, keyword)
                            .note(earlier.span(), "the first is here")
                            .report();
                }
            }
        }
    }

    /** Checks an included file; absent if it cannot be read or includes itself. */
    private Optional<CheckResult> load(FileName name, CheckReporter reporter) {
        String place;
        try {
            place = name.span().file().resolve(name.text()).toAbsolutePath().normalize().toString();
        } catch (InvalidPathException exception) {
            reporter.report(name.span(), CheckError.UNREADABLE_USE, name.text(), "this is not the name of a file");
            return Optional.empty();
        }
        if (including.containsKey(place)) {
            List<String> circle = new ArrayList<>(including.keySet());
            String shown = circle.subList(circle.indexOf(place), circle.size()).stream()
                    .map(including::get)
                    .collect(Collectors.joining(" → ")) + " → " + including.get(place);
            reporter.report(name.span(), CheckError.RECURSIVE_USE, including.get(place), shown);
            return Optional.empty();
        }
        if (!checked.containsKey(place)) {
            including.put(place, name.text());
            checked.put(place, switch (loader.load(name, diagnostics)) {
                case UseLoader.Found found -> Optional.of(
                        check(found.file(), !hasErrors(found.file().file().source())));
                case UseLoader.Unreadable unreadable -> {
                    reporter.report(name.span(), CheckError.UNREADABLE_USE, name.text(), unreadable.reason());
                    yield Optional.empty();
                }
            });
            including.remove(place);
        }
        return checked.get(place);
    }
}
