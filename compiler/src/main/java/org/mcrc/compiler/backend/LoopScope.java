package org.mcrc.compiler.backend;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.compiler.index.Index;

/**
 * The body of a loop, or of the whole, while it is written: the values that have a name in it.
 *
 * @param <S> the scopes of a language
 * @param <V> its values
 */
public abstract class LoopScope<S extends LoopScope<S, V>, V extends LoopScope.Code> {
    /** A value in generated code. */
    public interface Code {
        /** The expression that has it. */
        String code();
    }

    private final S parent;
    private final int depth;
    private final Map<Object, V> values = new HashMap<>();

    /** @param parent the scope around; null where there is none */
    protected LoopScope(S parent) {
        this.parent = parent;
        this.depth = parent == null ? 0 : parent.depth() + 1;
    }

    /** This one, as what it is. */
    protected abstract S self();

    public S parent() {
        return parent;
    }

    public int depth() {
        return depth;
    }

    /** The enclosing scope at {@code depth}, or this one. */
    public S at(int wanted) {
        S scope = self();
        while (scope.depth() > wanted) {
            scope = scope.parent();
        }
        return scope;
    }

    public void name(Object key, V value) {
        values.put(key, value);
    }

    /** The value with this key that is visible here, or null. */
    public V find(Object key) {
        V value = values.get(key);
        return value != null || parent == null ? value : parent.find(key);
    }

    /** The key of the position of an index. */
    public static Object ordinalKey(Index index) {
        return List.of("ordinal", index);
    }
}
