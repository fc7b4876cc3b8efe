package org.mcrc.runtime.engine.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.cache.CacheFolder;

/**
 * A GPU of NVIDIA's, through its driver: the primary context, which other libraries of the process share, and one stream.
 * Everything that it gave is freed when it is closed, and nothing by itself before that.
 */
public final class CudaDevice implements Device {
    /** Which GPU is taken: its number among those that the driver shows. */
    static final String CHOICE = "MCRC_CUDA_DEVICE";

    /** For which architecture kernels are compiled, where it is not to be the GPU's own. */
    private static final String ARCHITECTURE = "MCRC_CUDA_ARCHITECTURE";

    private static final int NAME_BYTES = 256;
    private static final int STAGING_BYTES = 8 << 20;

    private final CUdevice device;
    private final CUcontext context = new CUcontext();
    private final CUstream stream = new CUstream();
    private final Nvrtc nvrtc;
    private final CudaInformation information;
    private final CubinCache cache = new CubinCache(CacheFolder.standard());
    private final Arena arena = Arena.ofShared();
    private final LaunchArguments arguments = new LaunchArguments(arena);

    /** What is open, in the order in which it was made. */
    private final SequencedSet<AutoCloseable> given = new LinkedHashSet<>();
    /** By address. */
    private final Map<Long, Pointer> hostMemory = new LinkedHashMap<>();

    /** The kernels that were launched since all was known to be well: one of them is at fault if it no longer is. */
    private Set<String> underWay = new LinkedHashSet<>();
    private ByteBuffer staging;
    private boolean recording;
    private boolean closed;

    private CudaDevice(CudaDriver.Present driver, int number, CudaLibraries libraries) {
        try {
            JCudaNatives.initialize(JCudaDriver.class, "JCudaDriver");
        } catch (LinkageError unlinkable) {
            throw new InputError("JCuda's library, through which the GPU is called, cannot be loaded",
                    "it needs libstdc++.so.6, which is in the system's package libstdc++6");
        }
        CudaError.require(JCudaDriver.cuInit(0), "starting the driver");
        device = new CUdevice();
        CudaError.require(JCudaDriver.cuDeviceGet(device, number), "choosing GPU " + number);
        GpuArchitecture architecture = new GpuArchitecture(
                attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
                attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR));
        nvrtc = libraries.open(driver.major(), architecture);
        String name = name();
        retain(name);
        try {
            CudaError.require(JCudaDriver.cuCtxSetCurrent(context), "choosing " + name);
            CudaError.require(JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING),
                    "making a stream on " + name);
            information = new CudaInformation(name, number, architecture.toString(), driver.versionText(), nvrtc.version(),
                    compiledFor(architecture), memory()[1],
                    attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
                    attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN));
        } catch (RuntimeException failure) {
            JCudaDriver.cuDevicePrimaryCtxRelease(device);
            throw failure;
        }
    }

    /**
     * Opens the GPU of number 0, or of the number that the environment variable {@code MCRC_CUDA_DEVICE} has.
     *
     * @throws InputError where there is no driver, no such GPU or no NVRTC, with what to do
     */
    public static CudaDevice open() {
        return open(CudaLibraries.standard());
    }

    static CudaDevice open(CudaLibraries libraries) {
        return switch (CudaDriver.find()) {
            case CudaDriver.Absent absent -> throw new InputError("no GPU can be used: " + absent.reason(),
                    "--backend cpu needs none");
            case CudaDriver.Present present ->
                    new CudaDevice(present, chosen(System.getenv(CHOICE), present.devices()), libraries);
        };
    }

    /** The number of the GPU that is taken of so many. */
    static int chosen(String choice, int devices) {
        if (choice == null || choice.isBlank()) {
            return 0;
        }
        try {
            int number = Integer.parseInt(choice.strip());
            if (number >= 0 && number < devices) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            throw new InputError(CHOICE + " is '" + choice + "', which is no number", "nvidia-smi -L lists the GPUs");
        }
        throw new InputError(CHOICE + " is " + choice + ", and the driver shows "
                + (devices == 1 ? "one GPU only, of number 0" : "GPUs of numbers 0 to " + (devices - 1)),
                "nvidia-smi -L lists the GPUs");
    }

    private int attribute(int attribute) {
        int[] value = new int[1];
        CudaError.require(JCudaDriver.cuDeviceGetAttribute(value, attribute, device), "asking the GPU what it is");
        return value[0];
    }

    private String name() {
        byte[] name = new byte[NAME_BYTES];
        CudaError.require(JCudaDriver.cuDeviceGetName(name, name.length, device), "asking the GPU what it is");
        return new String(name, StandardCharsets.UTF_8).split("\0", 2)[0].strip();
    }

    private void retain(String name) {
        int result = JCudaDriver.cuDevicePrimaryCtxRetain(context, device);
        if (result != CUresult.CUDA_SUCCESS) {
            throw new InputError("the GPU " + name + " cannot be used now: " + CudaError.text(result),
                    "nvidia-smi shows what else uses it; " + CHOICE + " takes another one");
        }
    }

    /** Makes the context that of the calling thread. */
    private void enter() {
        if (closed) {
            throw new IllegalStateException("the device is closed");
        }
        int result = JCudaDriver.cuCtxSetCurrent(context);
        if (result != CUresult.CUDA_SUCCESS) {
            throw fault(result);
        }
    }

    private void enterUnrecorded(String what) {
        if (recording) {
            throw new IllegalStateException(what + " is not possible while launches are recorded");
        }
        enter();
    }

    /** Free and all bytes. */
    private long[] memory() {
        long[] free = new long[1];
        long[] total = new long[1];
        CudaError.require(JCudaDriver.cuMemGetInfo(free, total), "asking how much memory is free");
        return new long[] {free[0], total[0]};
    }

    private String compiledFor(GpuArchitecture architecture) {
        String wanted = System.getenv(ARCHITECTURE);
        return wanted != null && !wanted.isBlank() ? wanted.strip()
                : architecture.compiledFor(nvrtc.architectures()).orElseThrow();
    }

    /** Whether it has the tensor cores that kernels use. */
    public boolean hasTensorCores() {
        return CudaProgram.hasTensorCores(information.compiledFor());
    }

    /** What it is, for reports. */
    public CudaInformation information() {
        return information;
    }

    /** What the kernels of a module of this device take of it. */
    public List<KernelResources> resources(Module module) {
        return ((CudaModule) module).resources();
    }

    @Override
    public int multiprocessors() {
        return information.multiprocessors();
    }

    @Override
    public boolean multipliesInWarpgroups() {
        return information.compiledFor().equals(GpuArchitecture.WARPGROUPS);
    }

    @Override
    public String description() {
        return information.text();
    }

    @Override
    public long freeBytes() {
        enterUnrecorded("asking for free memory");
        return memory()[0];
    }

    @Override
    public Module load(String name, String source) {
        enterUnrecorded("loading kernels");
        Cubin cubin = cache.compiled(nvrtc, name, source, information.compiledFor());
        return give(new CudaModule(this, name, cubin));
    }

    @Override
    public Buffer allocate(long bytes) {
        enterUnrecorded("allocating memory");
        CudaPointers.OnDevice pointer = new CudaPointers.OnDevice();
        // None at all is an error to the driver.
        long atLeast = Math.max(bytes, 1);
        int result = JCudaDriver.cuMemAlloc(pointer, atLeast);
        if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            long[] memory = memory();
            throw new InputError("the GPU " + information.name() + " has too little memory: "
                    + CudaInformation.gibibytes(bytes) + " more are needed, and of " + CudaInformation.gibibytes(memory[1])
                    + " only " + CudaInformation.gibibytes(memory[0]) + " are free",
                    "take a smaller image or fewer vectors, end other programs that use the GPU (nvidia-smi shows them),"
                            + " or compute with --backend cpu");
        }
        CudaError.require(result, "allocating " + bytes + " bytes");
        CudaBuffer buffer = give(new CudaBuffer(this, pointer, bytes));
        CudaError.require(JCudaDriver.cuMemsetD8Async(pointer, (byte) 0, atLeast, stream), "filling memory with zeros");
        return buffer;
    }

    @Override
    public ByteBuffer hostMemory(int bytes) {
        enterUnrecorded("allocating memory");
        Pointer pointer = new Pointer();
        int result = JCudaDriver.cuMemHostAlloc(pointer, Math.max(bytes, 1), 0);
        if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            throw new InputError("this computer has too little memory that is not swapped out: "
                    + CudaInformation.gibibytes(bytes) + " more are needed", "end other programs, or take a smaller image");
        }
        CudaError.require(result, "allocating " + bytes + " bytes of this computer's memory");
        ByteBuffer buffer = pointer.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
        MemorySegment.ofBuffer(buffer).fill((byte) 0);
        hostMemory.put(address(buffer), pointer);
        return buffer;
    }

    private static long address(ByteBuffer buffer) {
        return MemorySegment.ofBuffer(buffer.duplicate().clear()).address();
    }

    @Override
    public void freeHostMemory(ByteBuffer memory) {
        Pointer pointer = hostMemory.remove(address(memory));
        if (pointer != null && !closed) {
            enterToFree();
            JCudaDriver.cuMemFreeHost(pointer);
        }
    }

    @Override
    public ByteBuffer staging() {
        if (staging == null) {
            staging = hostMemory(STAGING_BYTES);
        }
        return staging.clear();
    }

    @Override
    public void copyToDevice(ByteBuffer from, Buffer to, long offset) {
        enter();
        CudaError.require(JCudaDriver.cuMemcpyHtoDAsync(place(to, offset, from.remaining()), CudaPointers.to(from),
                from.remaining(), stream), "copying " + from.remaining() + " bytes to the GPU");
    }

    @Override
    public void copyToHost(Buffer from, long offset, ByteBuffer to) {
        enter();
        CudaError.require(JCudaDriver.cuMemcpyDtoHAsync(CudaPointers.to(to), place(from, offset, to.remaining()),
                to.remaining(), stream), "copying " + to.remaining() + " bytes from the GPU");
    }

    @Override
    public void copy(Buffer from, long fromOffset, Buffer to, long toOffset, long bytes) {
        enter();
        CudaError.require(JCudaDriver.cuMemcpyDtoDAsync(place(to, toOffset, bytes), place(from, fromOffset, bytes), bytes,
                stream), "copying " + bytes + " bytes on the GPU");
    }

    private static CUdeviceptr place(Buffer buffer, long offset, long bytes) {
        if (offset < 0 || bytes < 0 || offset + bytes > buffer.bytes()) {
            throw new IllegalArgumentException("bytes " + offset + " to " + (offset + bytes) + " are to be copied, and the"
                    + " device's buffer has " + buffer.bytes());
        }
        return ((CudaBuffer) buffer).pointer().withByteOffset(offset);
    }

    @Override
    public void launch(Module module, Launch launch) {
        enter();
        for (Object argument : launch.arguments()) {
            if (argument instanceof ByteBuffer memory && !hostMemory.containsKey(address(memory))) {
                throw new IllegalArgumentException("kernel " + launch.kernel()
                        + " cannot reach memory that is not this device's");
            }
        }
        CUfunction function = ((CudaModule) module).kernel(launch.kernel())
                .function(launch.sharedBytes(), information.sharedBytesPerBlock());
        Pointer values = CudaPointers.to(arguments.write(launch.kernel(), launch.arguments()));
        int result = JCudaDriver.cuLaunchKernel(function, launch.gridX(), launch.gridY(), launch.gridZ(), launch.blockX(), 1,
                1, launch.sharedBytes(), stream, values, null);
        if (result != CUresult.CUDA_SUCCESS) {
            throw new IllegalStateException("kernel " + launch.kernel() + " cannot be launched with " + launch.gridX()
                    + " x " + launch.gridY() + " x " + launch.gridZ() + " blocks of " + launch.blockX() + " threads and "
                    + launch.sharedBytes() + " bytes of shared memory: " + CudaError.text(result) + earlier());
        }
        underWay.add(launch.kernel());
    }

    /** The driver reports what went wrong in a kernel with whatever it is asked next. */
    private String earlier() {
        return underWay.isEmpty() ? "" : "; launched before it and not known to have ended well: "
                + String.join(", ", underWay);
    }

    @Override
    public Recording record(Runnable work) {
        enterUnrecorded("recording");
        Set<String> before = underWay;
        CudaError.require(JCudaDriver.cuStreamBeginCapture(stream,
                CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL), "recording launches");
        Set<String> recorded = new LinkedHashSet<>();
        CUgraph graph = new CUgraph();
        CUgraphExec executable = new CUgraphExec();
        int ended = CUresult.CUDA_ERROR_UNKNOWN;
        try {
            try {
                recording = true;
                underWay = recorded;
                work.run();
            } finally {
                recording = false;
                underWay = before;
                ended = JCudaDriver.cuStreamEndCapture(stream, graph);
            }
            CudaError.require(ended, "recording launches");
            CudaError.require(JCudaDriver.cuGraphInstantiate(executable, graph, 0), "making a graph of recorded launches");
        } finally {
            // Also where the work failed there is a graph of what came before.
            if (ended == CUresult.CUDA_SUCCESS) {
                JCudaDriver.cuGraphDestroy(graph);
            }
        }
        return give(new CudaRecording(this, executable, recorded));
    }

    /** Runs what was recorded. */
    void play(CUgraphExec graph, Set<String> kernels) {
        enterUnrecorded("playing a recording");
        int result = JCudaDriver.cuGraphLaunch(graph, stream);
        if (result != CUresult.CUDA_SUCCESS) {
            throw new IllegalStateException("recorded launches cannot be run: " + CudaError.text(result) + earlier());
        }
        underWay.addAll(kernels);
    }

    @Override
    public void synchronize() {
        enterUnrecorded("waiting");
        int result = JCudaDriver.cuStreamSynchronize(stream);
        if (result != CUresult.CUDA_SUCCESS) {
            throw fault(result);
        }
        underWay.clear();
    }

    /** What went wrong in something that had been launched. */
    private IllegalStateException fault(int result) {
        String kernels = underWay.size() == 1 ? "kernel " + underWay.iterator().next()
                : underWay.isEmpty() ? "what the GPU was to do" : "one of the kernels " + String.join(", ", underWay);
        return new IllegalStateException(kernels + " failed on GPU " + information.name() + ": " + CudaError.text(result)
                + (underWay.size() > 1 ? "; with CUDA_LAUNCH_BLOCKING=1 in the environment it is known which" : ""));
    }

    private <T extends AutoCloseable> T give(T object) {
        given.add(object);
        return object;
    }

    /**
     * Makes the context that of the calling thread, to free something. After a kernel failed, all that the driver is asked
     * is answered with that failure, which has been reported: what is freed then goes with the context.
     */
    private void enterToFree() {
        if (recording) {
            throw new IllegalStateException("nothing can be freed while launches are recorded");
        }
        JCudaDriver.cuCtxSetCurrent(context);
    }

    void free(CudaBuffer buffer) {
        enterToFree();
        JCudaDriver.cuMemFree(buffer.pointer());
        given.remove(buffer);
    }

    void unload(CudaModule module, CUmodule loaded) {
        enterToFree();
        JCudaDriver.cuModuleUnload(loaded);
        given.remove(module);
    }

    void discard(CudaRecording recorded, CUgraphExec graph) {
        enterToFree();
        JCudaDriver.cuGraphExecDestroy(graph);
        given.remove(recorded);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        enterToFree();
        JCudaDriver.cuStreamSynchronize(stream);
        for (AutoCloseable each : new ArrayList<>(given).reversed()) {
            switch (each) {
                case CudaBuffer buffer -> buffer.close();
                case CudaModule module -> module.close();
                case CudaRecording recorded -> recorded.close();
                default -> throw new IllegalStateException(each.toString());
            }
        }
        hostMemory.values().forEach(JCudaDriver::cuMemFreeHost);
        JCudaDriver.cuStreamDestroy(stream);
        // None is current then: a context of no address.
        JCudaDriver.cuCtxSetCurrent(new CUcontext());
        JCudaDriver.cuDevicePrimaryCtxRelease(device);
        closed = true;
        arena.close();
    }
}
