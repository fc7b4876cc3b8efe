package org.mcrc.compiler.index;

/** What an index ranges over, and equally the extent of a tensor's axis. */
public sealed interface Domain permits Grid, FiniteDomain {
    /** The number of elements. */
    int size();

    /** How many integer components the value of an index over this domain has. */
    int components();
}
