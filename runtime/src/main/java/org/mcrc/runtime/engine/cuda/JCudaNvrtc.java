package org.mcrc.runtime.engine.cuda;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;
import jcuda.nvrtc.nvrtcResult;

/**
 * NVRTC through JCuda, whose library is linked with {@code libnvrtc.so.12}: version 12 only, and one of them in a process,
 * the first that was loaded.
 */
public final class JCudaNvrtc implements Nvrtc {
    private static final int MAJOR = 12;

    /** What JCuda's class is linked with; null before that. */
    private static Path linked;

    /** Whether that was tried in vain: the class is of no use then. */
    private static boolean unusable;

    private final String version;
    private final List<String> architectures;

    private JCudaNvrtc() {
        int[] major = new int[1];
        int[] minor = new int[1];
        require(JNvrtc.nvrtcVersion(major, minor));
        version = major[0] + "." + minor[0];
        int[] count = new int[1];
        require(JNvrtc.nvrtcGetNumSupportedArchs(count));
        int[] numbers = new int[count[0]];
        require(JNvrtc.nvrtcGetSupportedArchs(numbers));
        architectures = Arrays.stream(numbers).sorted().mapToObj(number -> "sm_" + number).toList();
    }

    /** Whether JCuda can be linked with a library. */
    static synchronized boolean canOpen(NvrtcFiles files) {
        return !unusable && files.major() == MAJOR && (linked == null || linked.equals(files.library()));
    }

    /**
     * Loads a library.
     *
     * @throws IllegalStateException where it is of another version, or another one was loaded before
     * @throws LinkageError where it cannot be loaded, or something that JCuda needs is missing
     */
    public static synchronized JCudaNvrtc open(NvrtcFiles files) {
        if (!canOpen(files)) {
            throw new IllegalStateException("JCuda cannot be linked with " + files.library()
                    + (linked == null ? "" : ": it is with " + linked));
        }
        if (linked == null) {
            link(files);
        }
        return new JCudaNvrtc();
    }

    @SuppressWarnings("restricted")
    private static void link(NvrtcFiles files) {
        // The system's loader finds by their names what is loaded already: what JCuda's library is linked with, and what
        // NVRTC itself opens when it compiles.
        unusable = true;
        files.builtins().forEach(builtins -> System.load(builtins.toString()));
        System.load(files.library().toString());
        JCudaNatives.initialize(JNvrtc.class, "JNvrtc");
        linked = files.library();
        unusable = false;
    }

    @Override
    public Cubin compile(String name, String source, String architecture) {
        nvrtcProgram program = new nvrtcProgram();
        require(JNvrtc.nvrtcCreateProgram(program, source, NvrtcAnswer.file(name), 0, null, null));
        try {
            List<String> options = NvrtcAnswer.options(architecture);
            int result = JNvrtc.nvrtcCompileProgram(program, options.size(), options.toArray(String[]::new));
            String[] log = new String[1];
            require(JNvrtc.nvrtcGetProgramLog(program, log));
            NvrtcAnswer answer = result == nvrtcResult.NVRTC_SUCCESS ? new NvrtcAnswer(null, log[0], bytes(program))
                    : new NvrtcAnswer(nvrtcResult.stringFor(result), log[0], new byte[0]);
            return answer.cubin(name, source, architecture, version);
        } finally {
            JNvrtc.nvrtcDestroyProgram(program);
        }
    }

    private static byte[] bytes(nvrtcProgram program) {
        long[] size = new long[1];
        require(JNvrtc.nvrtcGetCUBINSize(program, size));
        byte[] bytes = new byte[Math.toIntExact(size[0])];
        require(JNvrtc.nvrtcGetCUBIN(program, bytes));
        return bytes;
    }

    private static void require(int result) {
        if (result != nvrtcResult.NVRTC_SUCCESS) {
            throw new IllegalStateException("NVRTC fails: " + nvrtcResult.stringFor(result));
        }
    }

    @Override
    public List<String> architectures() {
        return architectures;
    }

    @Override
    public String version() {
        return version;
    }
}
