package org.mcrc.compiler.index;

/** A domain that is listed element by element: a range of integers or a set of vectors. */
public sealed interface FiniteDomain extends Domain permits IntegerDomain, VectorDomain {
    /** Component {@code component} of the element at {@code ordinal}. */
    int component(int ordinal, int component);

    /** The position of the element with these components, or -1 where it is not a member. */
    int ordinal(int... components);
}
