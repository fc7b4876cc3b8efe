/**
 * The result of a compilation: the sources of the kernels, and the {@link org.mcrc.compiler.program.Manifest} that says all
 * a runtime needs to run them. {@link org.mcrc.compiler.program.ManifestBytes} keeps one in a cache.
 */
package org.mcrc.compiler.program;
