/** The result of a compilation: the sources of the kernels, and the manifest that says all a runtime needs to run them. */
package org.mcrc.compiler.program;
