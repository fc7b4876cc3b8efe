/**
 * Source text and places in it.
 *
 * <p>A {@link org.mcrc.compiler.source.SourceFile} is the decoded text of one descriptor file with an index of its
 * lines; a {@link org.mcrc.compiler.source.Span} is a range of that text. Everything that can be reported to a user
 * carries a span.
 */
package org.mcrc.compiler.source;
