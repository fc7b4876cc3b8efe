/**
 * Running a bound program: one interface for loss and gradient, whatever computes them. Nothing here knows a descriptor;
 * what a program needs and gives is said by its {@link org.mcrc.runtime.engine.Signature}.
 */
package org.mcrc.runtime.engine;
