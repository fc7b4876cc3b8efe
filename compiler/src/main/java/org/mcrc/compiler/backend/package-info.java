/** What all backends that print loops share; each has a package of its own below. */
package org.mcrc.compiler.backend;
