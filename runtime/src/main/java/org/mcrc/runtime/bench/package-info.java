/**
 * What {@code mcrc bench} measures and how it is told: {@link org.mcrc.runtime.bench.BenchCase} says what is evaluated,
 * {@link org.mcrc.runtime.bench.MachineLimits} what the machine could do, {@link org.mcrc.runtime.bench.BenchReport} puts
 * them beside each other.
 */
package org.mcrc.runtime.bench;
