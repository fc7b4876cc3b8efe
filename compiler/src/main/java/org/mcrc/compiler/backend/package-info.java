/**
 * What all backends that print loops share; each has a package of its own below.
 *
 * <p>A {@link org.mcrc.compiler.backend.LoopScope} is the body of one loop with the values that have a name in it,
 * {@link org.mcrc.compiler.backend.Levels} says in which of them a value is known, {@link
 * org.mcrc.compiler.backend.IntegerForms} writes subscripts. Begin at the first.
 */
package org.mcrc.compiler.backend;
