/**
 * What generated CPU kernels call, and nothing else: elementary functions of vectors and of scalars, the folding of a
 * vector's lanes, the pool of workers, and the packed matrix products behind contractions.
 *
 * <p>Two rules hold everywhere. <em>Same bits</em>: the result of a call depends on its arguments alone, never on
 * whether the method is interpreted or compiled, on the width of the vectors, or on the number of workers. Therefore
 * vectors are only added, subtracted, multiplied, divided, fused, compared, blended and reinterpreted, which the
 * processor does exactly as the Java specification says. <em>No vector escapes</em>: methods that take or return
 * vectors are small enough to be inlined; everything larger takes arrays and ranges.
 */
package org.mcrc.runtime.engine.cpu.support;
