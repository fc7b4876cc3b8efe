/**
 * From text to syntax tree and back.
 *
 * <p>{@link org.mcrc.compiler.syntax.Parser} is the way in. It splits a file into declarations at their keywords and
 * parses each by itself, so that a broken one hides no error in the others. The tree is made of immutable records:
 * {@link org.mcrc.compiler.syntax.DescriptorFile} holds {@link org.mcrc.compiler.syntax.Declaration}s, these hold
 * {@link org.mcrc.compiler.syntax.Expression}s and {@link org.mcrc.compiler.syntax.SetExpression}s. Nothing here knows
 * what a name means. {@link org.mcrc.compiler.syntax.Formatter} prints a tree as canonical source.
 */
package org.mcrc.compiler.syntax;
