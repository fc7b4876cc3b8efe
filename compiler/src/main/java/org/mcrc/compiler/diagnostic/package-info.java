/**
 * What the compiler tells its user.
 *
 * <p>A pass never throws at the user: it reports a {@link org.mcrc.compiler.diagnostic.Diagnostic} to the
 * {@link org.mcrc.compiler.diagnostic.Diagnostics} of the run and goes on, so that all the errors of a file are
 * reported at once. The kinds of diagnostics are constants beside the pass that raises them.
 * {@link org.mcrc.compiler.diagnostic.DiagnosticRenderer} prints them; {@link org.mcrc.compiler.diagnostic.Suggestions}
 * finds the name that was probably meant.
 */
package org.mcrc.compiler.diagnostic;
