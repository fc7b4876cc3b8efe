package org.mcrc.runtime.engine.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.mcrc.runtime.InputError;

/** NVRTC of any version from 11.2 on, whose functions are called from Java directly. */
public final class ForeignNvrtc implements Nvrtc {
    private static final MemoryLayout ADDRESS = ValueLayout.ADDRESS;
    private static final MemoryLayout INT = ValueLayout.JAVA_INT;

    private final MethodHandle createProgram;
    private final MethodHandle destroyProgram;
    private final MethodHandle compileProgram;
    private final MethodHandle logSize;
    private final MethodHandle log;
    private final MethodHandle cubinSize;
    private final MethodHandle cubin;
    private final MethodHandle errorString;
    private final String version;
    private final List<String> architectures;

    private ForeignNvrtc(SymbolLookup library) {
        createProgram = function(library, "nvrtcCreateProgram", INT, ADDRESS, ADDRESS, ADDRESS, INT, ADDRESS, ADDRESS);
        destroyProgram = function(library, "nvrtcDestroyProgram", INT, ADDRESS);
        compileProgram = function(library, "nvrtcCompileProgram", INT, ADDRESS, INT, ADDRESS);
        logSize = function(library, "nvrtcGetProgramLogSize", INT, ADDRESS, ADDRESS);
        log = function(library, "nvrtcGetProgramLog", INT, ADDRESS, ADDRESS);
        cubinSize = function(library, "nvrtcGetCUBINSize", INT, ADDRESS, ADDRESS);
        cubin = function(library, "nvrtcGetCUBIN", INT, ADDRESS, ADDRESS);
        errorString = function(library, "nvrtcGetErrorString", ADDRESS, INT);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment major = arena.allocate(INT);
            MemorySegment minor = arena.allocate(INT);
            require(function(library, "nvrtcVersion", INT, ADDRESS, ADDRESS), major, minor);
            version = major.get(ValueLayout.JAVA_INT, 0) + "." + minor.get(ValueLayout.JAVA_INT, 0);
            MemorySegment count = arena.allocate(INT);
            require(function(library, "nvrtcGetNumSupportedArchs", INT, ADDRESS), count);
            MemorySegment numbers = arena.allocate(INT, count.get(ValueLayout.JAVA_INT, 0));
            require(function(library, "nvrtcGetSupportedArchs", INT, ADDRESS), numbers);
            architectures = Arrays.stream(numbers.toArray(ValueLayout.JAVA_INT)).sorted()
                    .mapToObj(number -> "sm_" + number).toList();
        }
    }

    /**
     * Loads a library; it stays loaded.
     *
     * @throws InputError where the file is no library of this platform, or too old
     */
    @SuppressWarnings("restricted")
    public static ForeignNvrtc open(NvrtcFiles files) {
        try {
            // NVRTC opens its builtins by name, and finds those that are loaded already.
            files.builtins().forEach(builtins -> SymbolLookup.libraryLookup(builtins, Arena.global()));
            return new ForeignNvrtc(SymbolLookup.libraryLookup(files.library(), Arena.global()));
        } catch (IllegalArgumentException unloadable) {
            throw new InputError(files.library() + " cannot be loaded: " + unloadable.getMessage(),
                    "mcrc setup cuda downloads one that can; MCRC_NVRTC names the one that is to be taken");
        } catch (NoSuchElementException missing) {
            throw new InputError(files.library() + " is no NVRTC of version 11.2 or later: " + missing.getMessage(),
                    "mcrc setup cuda downloads one; MCRC_NVRTC names the one that is to be taken");
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(SymbolLookup library, String name, MemoryLayout result, MemoryLayout... arguments) {
        MemorySegment symbol = library.find(name)
                .orElseThrow(() -> new NoSuchElementException("it has no function " + name));
        return Linker.nativeLinker().downcallHandle(symbol, FunctionDescriptor.of(result, arguments));
    }

    @Override
    public Cubin compile(String name, String source, String architecture) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(ADDRESS);
            require(createProgram, place, arena.allocateFrom(source), arena.allocateFrom(NvrtcAnswer.file(name)), 0,
                    MemorySegment.NULL, MemorySegment.NULL);
            MemorySegment program = place.get(ValueLayout.ADDRESS, 0);
            try {
                return answer(program, NvrtcAnswer.options(architecture), arena)
                        .cubin(name, source, architecture, version);
            } finally {
                call(destroyProgram, place);
            }
        }
    }

    private NvrtcAnswer answer(MemorySegment program, List<String> options, Arena arena) {
        MemorySegment texts = arena.allocate(ADDRESS, options.size());
        for (int index = 0; index < options.size(); index++) {
            texts.setAtIndex(ValueLayout.ADDRESS, index, arena.allocateFrom(options.get(index)));
        }
        int result = (int) call(compileProgram, program, options.size(), texts);
        String text = content(logSize, log, program, arena).getString(0);
        return result == 0
                ? new NvrtcAnswer(null, text, content(cubinSize, cubin, program, arena).toArray(ValueLayout.JAVA_BYTE))
                : new NvrtcAnswer(errorName(result), text, new byte[0]);
    }

    private MemorySegment content(MethodHandle size, MethodHandle get, MemorySegment program, Arena arena) {
        MemorySegment bytes = arena.allocate(ValueLayout.JAVA_LONG);
        require(size, program, bytes);
        MemorySegment content = arena.allocate(bytes.get(ValueLayout.JAVA_LONG, 0));
        require(get, program, content);
        return content;
    }

    private void require(MethodHandle function, Object... arguments) {
        int result = (int) call(function, arguments);
        if (result != 0) {
            throw new IllegalStateException("NVRTC fails: " + errorName(result));
        }
    }

    @SuppressWarnings("restricted")
    private String errorName(int result) {
        return ((MemorySegment) call(errorString, result)).reinterpret(Long.MAX_VALUE).getString(0);
    }

    private static Object call(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
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
