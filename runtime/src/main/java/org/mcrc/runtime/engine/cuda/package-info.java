/**
 * Runs compiled programs on a graphics processor: the manifest's launches on the buffers of a
 * {@link org.mcrc.runtime.engine.cuda.Device}. {@link org.mcrc.runtime.engine.cuda.CudaDevice} is a GPU, {@link
 * org.mcrc.runtime.engine.cuda.Nvrtc} the compiler of its kernels, {@link org.mcrc.runtime.engine.cuda.CudaLibraries} where
 * that is found, {@link org.mcrc.runtime.engine.cuda.NvrtcPackage} where it is fetched from. {@link
 * org.mcrc.runtime.engine.cuda.DeviceLoop} lets an optimizer and evaluations go on without the host.
 */
package org.mcrc.runtime.engine.cuda;
