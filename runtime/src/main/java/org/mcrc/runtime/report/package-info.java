/**
 * What the user gets to see of a reconstruction: progress while it runs ({@link org.mcrc.runtime.report.ProgressDisplay}) and
 * the output folder ({@link org.mcrc.runtime.report.OutputFolder}) with the pictures, arrays and convergence
 * ({@link org.mcrc.runtime.report.ReconstructionFiles}) and the record of the run, {@code run.json}
 * ({@link org.mcrc.runtime.report.RunReport}).
 *
 * <p>A folder receives all files of a run or none: what an earlier run left there stays until the new result is complete.
 */
package org.mcrc.runtime.report;
