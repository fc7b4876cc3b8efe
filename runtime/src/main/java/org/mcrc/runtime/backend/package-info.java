/**
 * Which engine computes: {@link org.mcrc.runtime.backend.Engines}, the one place that knows all of them, so that they and what
 * they have in common need not know one another.
 */
package org.mcrc.runtime.backend;
