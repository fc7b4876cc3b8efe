package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcrc.runtime.InputError;

class CudaLibrariesTest {
    @TempDir
    Path root;

    private final Map<String, String> environment = new TreeMap<>();
    private CudaLibraries libraries;

    @BeforeEach
    void computer() {
        libraries = new CudaLibraries(environment, root, root.resolve("home/ada"), root.resolve("cache/nvrtc-12.9"));
    }

    private Path put(String folder, String... files) throws IOException {
        Path made = Files.createDirectories(root.resolve(folder));
        for (String file : files) {
            Files.writeString(made.resolve(file), "no library");
        }
        return made;
    }

    private Path nvrtc(String folder) throws IOException {
        return put(folder, "libnvrtc.so.12", "libnvrtc-builtins.so.12.9");
    }

    private List<Path> folders() {
        return libraries.found().stream().map(files -> files.library().getParent()).toList();
    }

    @Test
    void looksInThisOrder() throws IOException {
        List<Path> order = new ArrayList<>();
        order.add(nvrtc("my/toolkit/lib64"));
        order.add(nvrtc("their/toolkit/targets/x86_64-linux/lib"));
        order.add(nvrtc("usr/local/cuda/lib64"));
        order.add(nvrtc("usr/local/cuda-12.10/lib64"));
        order.add(nvrtc("usr/local/cuda-12.9/targets/x86_64-linux/lib"));
        order.add(nvrtc("conda/lib"));
        order.add(nvrtc("venv/lib/python3.12/site-packages/nvidia/cuda_nvrtc/lib"));
        order.add(nvrtc("conda/lib/python3.12/site-packages/nvidia/cuda_nvrtc/lib"));
        order.add(nvrtc("python/lib/python3.11/site-packages/nvidia/cu13/lib"));
        order.add(nvrtc("home/ada/.local/lib/python3.11/site-packages/nvidia/cuda_nvrtc/lib"));
        order.add(nvrtc("usr/lib/python3/dist-packages/nvidia/cuda_nvrtc/lib"));
        order.add(nvrtc("opt/work/.venv/lib/python3.10/site-packages/nvidia/cuda_nvrtc/lib"));
        order.add(nvrtc("loader/b"));
        order.add(nvrtc("loader/a"));
        order.add(nvrtc("usr/lib/x86_64-linux-gnu"));
        order.add(nvrtc("cache/nvrtc-12.9"));
        environment.put("CUDA_HOME", root.resolve("my/toolkit").toString());
        environment.put("CUDA_PATH", root.resolve("their/toolkit").toString());
        environment.put("VIRTUAL_ENV", root.resolve("venv").toString());
        environment.put("CONDA_PREFIX", root.resolve("conda").toString());
        environment.put("PATH", root.resolve("nothing") + ":" + put("python/bin"));
        assertTrue(Files.createFile(root.resolve("python/bin/python3")).toFile().setExecutable(true));
        environment.put("LD_LIBRARY_PATH", root.resolve("loader/b") + "::" + root.resolve("loader/a"));
        // Conda's own folder comes before all packages.
        assertEquals(order, folders());
    }

    @Test
    void aLinkToPythonLeadsToItsPackages() throws IOException {
        Path packages = nvrtc("python/lib/python3.11/site-packages/nvidia/cuda_nvrtc/lib");
        put("python/bin");
        assertTrue(Files.createFile(root.resolve("python/bin/python3.11")).toFile().setExecutable(true));
        put("bin");
        Files.createSymbolicLink(root.resolve("bin/python3"), root.resolve("python/bin/python3.11"));
        environment.put("PATH", root.resolve("bin").toString());
        assertEquals(List.of(packages), folders());
    }

    @Test
    void aChoiceIsAllThatIsLookedAt() throws IOException {
        nvrtc("usr/local/cuda/lib64");
        Path folder = put("chosen", "libnvrtc.so.12.9.86", "libnvrtc.so.13", "libnvrtc-builtins.so.12.9",
                "libnvrtc-builtins.so.13.0", "libnvrtc.so.11.2");
        Files.createSymbolicLink(folder.resolve("libnvrtc.so.12"), folder.resolve("libnvrtc.so.12.9.86"));
        Files.createSymbolicLink(folder.resolve("libnvrtc.so"), folder.resolve("libnvrtc.so.12"));
        environment.put("MCRC_NVRTC", folder.toString());
        assertEquals(List.of(new NvrtcFiles(folder.resolve("libnvrtc.so.13"),
                List.of(folder.resolve("libnvrtc-builtins.so.13.0")), 13)), libraries.found());
        for (String file : List.of("libnvrtc.so", "libnvrtc.so.12", "libnvrtc.so.12.9.86")) {
            environment.put("MCRC_NVRTC", folder.resolve(file).toString());
            assertEquals(List.of(new NvrtcFiles(folder.resolve(file),
                    List.of(folder.resolve("libnvrtc-builtins.so.12.9")), 12)), libraries.found());
        }
        // Version 11 is not whole.
        assertEquals(List.of(13, 12), NvrtcFiles.in(folder).stream().map(NvrtcFiles::major).toList());
        assertEquals(folder.resolve("libnvrtc.so.12"), NvrtcFiles.in(folder).getLast().library());
    }

    @Test
    void aWrongChoiceIsRefused() throws IOException {
        nvrtc("usr/local/cuda/lib64");
        Path half = put("half", "libnvrtc.so.12", "libnvrtc-builtins.so.13.0");
        for (Path choice : List.of(root.resolve("nowhere"), half, half.resolve("libnvrtc.so.12"),
                half.resolve("libnvrtc-builtins.so.13.0"))) {
            environment.put("MCRC_NVRTC", choice.toString());
            String text = assertThrows(InputError.class, libraries::found).text();
            assertTrue(text.startsWith("MCRC_NVRTC is " + choice + ", where there is no libnvrtc.so.12"), text);
        }
    }

    @Test
    void saysWhereItLookedAndWhatToDo() throws IOException {
        put("usr/local/cuda/lib64", "libnvrtc.so.12");
        InputError error = assertThrows(InputError.class, () -> libraries.open(12, new GpuArchitecture(9, 0)));
        for (String place : List.of("/usr/local/cuda*", "VIRTUAL_ENV", "LD_LIBRARY_PATH",
                root.resolve("cache/nvrtc-12.9").toString())) {
            assertTrue(error.getMessage().contains(place), error.getMessage());
        }
        assertTrue(error.mend().orElseThrow().startsWith("mcrc setup cuda downloads it"), error.text());
    }

    @Test
    void takesTheFirstThatServesTheDriverAndTheGpu() throws IOException {
        NvrtcFiles real = NvrtcFixture.files();
        put("usr/local/cuda/lib64", "libnvrtc.so.13", "libnvrtc-builtins.so.13.0");
        InputError tooNew = assertThrows(InputError.class, () -> libraries.open(12, new GpuArchitecture(9, 0)));
        assertEquals(root.resolve("usr/local/cuda/lib64/libnvrtc.so.13")
                + " is newer than the driver, which serves CUDA 12 and older", tooNew.getMessage());
        environment.put("LD_LIBRARY_PATH", real.library().getParent().toString());
        assertEquals("12.9", libraries.open(12, new GpuArchitecture(9, 0)).version());
        InputError tooOld = assertThrows(InputError.class, () -> libraries.open(12, new GpuArchitecture(3, 5)));
        assertTrue(tooOld.getMessage().contains("(version 12.9) does not compile for GPUs of compute capability 3.5"),
                tooOld.getMessage());
    }

    @Test
    void anotherLibraryOfThatNameIsRefused() throws IOException {
        NvrtcFixture.files();
        Path folder = put("usr/local/cuda/lib64");
        Path another = Path.of(System.getProperty("java.home"), "lib", "libverify.so");
        Files.copy(another, folder.resolve("libnvrtc.so.11.2"));
        Files.copy(another, folder.resolve("libnvrtc-builtins.so.11.2"));
        InputError error = assertThrows(InputError.class, () -> libraries.open(12, new GpuArchitecture(8, 0)));
        assertEquals(folder.resolve("libnvrtc.so.11.2")
                + " is no NVRTC of version 11.2 or later: it has no function nvrtcCreateProgram", error.getMessage());
    }
}
