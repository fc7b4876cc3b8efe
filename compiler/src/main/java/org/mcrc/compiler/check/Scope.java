package org.mcrc.compiler.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The local names that are known at a place. */
final class Scope {

    static final Scope EMPTY = new Scope(null, null);

    private final Scope enclosing;
    private final Local local;

    private Scope(Scope enclosing, Local local) {
        this.enclosing = enclosing;
        this.local = local;
    }

    Scope with(Local added) {
        return new Scope(this, added);
    }

    Optional<Local> find(String name) {
        for (Scope scope = this; scope.local != null; scope = scope.enclosing) {
            if (scope.local.name().text().equals(name)) {
                return Optional.of(scope.local);
            }
        }
        return Optional.empty();
    }

    /** The names, innermost first. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        for (Scope scope = this; scope.local != null; scope = scope.enclosing) {
            names.add(scope.local.name().text());
        }
        return names;
    }
}
