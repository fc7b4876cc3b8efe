package org.mcrc.compiler.bind;

import org.mcrc.compiler.index.IndexProgram;

/**
 * What binding gives.
 *
 * @param program the bound program, without gradients
 * @param summary what was found out on the way, for people
 */
public record BindResult(IndexProgram program, BindSummary summary) {}
