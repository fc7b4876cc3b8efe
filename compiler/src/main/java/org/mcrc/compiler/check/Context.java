package org.mcrc.compiler.check;

/**
 * The place of an expression.
 *
 * @param role what it is there for
 * @param scope the local names that it may use
 * @param outOfReach local names of the surroundings that it may not use
 * @param reason why it may not use these
 */
record Context(Role role, Scope scope, Scope outOfReach, String reason) {

    static Context of(Role role) {
        return new Context(role, Scope.EMPTY, Scope.EMPTY, "");
    }

    Context with(Local local) {
        return new Context(role, scope.with(local), outOfReach, reason);
    }

    Context as(Role other) {
        return new Context(other, scope, outOfReach, reason);
    }

    /** The same place, {@code locals} but those known here being out of reach for {@code why}. */
    Context outside(Scope locals, String why) {
        return new Context(role, scope, locals, why);
    }

    /** The same place without the local names known here, which are out of reach for {@code why}. */
    Context withoutLocals(String why) {
        return new Context(role, Scope.EMPTY, scope, why);
    }
}
