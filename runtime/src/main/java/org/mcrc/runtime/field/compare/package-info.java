/**
 * How two microstructures differ. A reconstruction from correlations is determined only up to a translation (and, by
 * point-symmetric correlations, a point reflection), so that equality is decided up to these.
 */
package org.mcrc.runtime.field.compare;
