/**
 * The static checker: everything that can be said about a descriptor from its syntax tree alone, before sizes, phases
 * and the values of params are known.
 *
 * <p>{@link org.mcrc.compiler.check.Checker} is the way in. It runs, one after another: {@code Symbols} (who declares
 * what), {@code Dependencies} (who uses whom; recursion), {@code TypeChecker} (names, indices, subscripts, static
 * types), {@code Dimensions} and {@code GridInference} (do all vectors and grids agree), {@code UseChecker} (included
 * files), {@code Differentiability} and {@code UnusedDeclarations}. Every pass reports and goes on: nothing here
 * throws, and all errors of a file are found in one run. What can be wrong is listed in {@link
 * org.mcrc.compiler.check.CheckError}, from which the error index in {@code docs/errors.md} is made.
 *
 * <p>The parts of {@code TypeChecker}: {@code Indices} introduces local names; {@code SetTyping},
 * {@code ExpressionTyping}, {@code SubscriptTyping}, {@code OperatorTyping} and {@code CallTyping} find out what sets and
 * expressions are; {@code Expectations} compares that with what their place needs. A {@code Context} says what an
 * expression may use there.
 *
 * <p>What needs sizes and values, such as whether {@code a - b} is a member of a set, is left to binding.
 */
package org.mcrc.compiler.check;
