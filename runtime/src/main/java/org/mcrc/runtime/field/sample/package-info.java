/**
 * Synthetic microstructures: one class a kind, each with a single method {@code sample}. All are periodic, of any size,
 * in two and three dimensions, and depend on their parameters and the seed only: the same call gives the same pixels
 * everywhere.
 */
package org.mcrc.runtime.field.sample;
