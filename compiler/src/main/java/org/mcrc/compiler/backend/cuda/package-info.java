/**
 * Prints a scheduled program as CUDA C++ and as the plan of its launches. {@link org.mcrc.compiler.backend.cuda.CudaBackend}
 * goes through the kernels; one writer for each kind of kernel writes their text with a
 * {@link org.mcrc.compiler.backend.cuda.KernelWriter}.
 */
package org.mcrc.compiler.backend.cuda;
