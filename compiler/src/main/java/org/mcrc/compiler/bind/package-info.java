/**
 * From a checked descriptor file to a program of the Index IR: {@link org.mcrc.compiler.bind.Binder} is the way in.
 *
 * <p>Binding gives a file what it leaves open: extents, the number of phases, values of params. What is structural becomes
 * concrete: sets get their members, levels and slices become definitions of their own, functions are put in where they
 * are called, open boundaries become guards. Params that only occur in formulas stay arguments of the program, and so do
 * constants that were solved for.
 *
 * <p>In the order of use: {@link org.mcrc.compiler.bind.FileBinder} binds one file (and, through {@code use}, others),
 * with {@link org.mcrc.compiler.bind.ParameterBinder}, {@link org.mcrc.compiler.bind.SetBinder} and
 * {@link org.mcrc.compiler.bind.LevelBuilder}; {@link org.mcrc.compiler.bind.ArrayBinder} makes definitions of its arrays,
 * {@link org.mcrc.compiler.bind.ExpressionBinder} expressions of its formulas; {@link org.mcrc.compiler.bind.LossBuilder}
 * puts the loss on top. A problem is reported and unwinds to the declaration that has it
 * ({@link org.mcrc.compiler.bind.Abandoned}), so that the others are still looked at.
 */
package org.mcrc.compiler.bind;
