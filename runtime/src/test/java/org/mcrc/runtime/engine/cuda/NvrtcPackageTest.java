package org.mcrc.runtime.engine.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcrc.runtime.InputError;

/** With a small archive of the same form, from disk and from a server in this process. */
class NvrtcPackageTest {
    private static final String INSIDE = "org/bytedeco/cuda/linux-x86_64/";

    @TempDir
    Path folder;

    private final byte[] library = bytes(300_000, 1);
    private final byte[] builtins = bytes(50_000, 2);
    private final Map<String, byte[]> served = new HashMap<>();
    private HttpServer server;
    private Path archive;
    private NvrtcPackage nvrtc;

    private static byte[] bytes(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @BeforeEach
    void open() throws IOException {
        nvrtc = new NvrtcPackage(folder.resolve("cache/nvrtc-12.9"));
        archive = folder.resolve("archive.jar");
        writeArchive("libnvrtc.so.12", "libnvrtc-builtins.so.12.9");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] content = served.get(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(content == null ? 404 : 200, content == null ? -1 : content.length);
            if (content != null) {
                try (OutputStream body = exchange.getResponseBody()) {
                    body.write(content);
                }
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private void writeArchive(String first, String second) throws IOException {
        try (ZipOutputStream output = new ZipOutputStream(Files.newOutputStream(archive))) {
            write(output, "META-INF/MANIFEST.MF", new byte[] {1});
            write(output, INSIDE + first, library);
            write(output, INSIDE + "libcufft.so.11", bytes(400_000, 3));
            write(output, INSIDE + second, builtins);
            write(output, INSIDE + "libcurand.so.10", bytes(400_000, 4));
        }
    }

    private static void write(ZipOutputStream output, String name, byte[] content) throws IOException {
        output.putNextEntry(new ZipEntry(name));
        output.write(content);
        output.closeEntry();
    }

    private String repository() {
        return "http://localhost:" + server.getAddress().getPort() + "/maven2";
    }

    private void serve(String ending, byte[] content) {
        served.put("/maven2/org/bytedeco/cuda-redist/12.9-9.10-1.5.12/"
                + "cuda-redist-12.9-9.10-1.5.12-linux-x86_64.jar" + ending, content);
    }

    private String hash(String algorithm) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(archive)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void assertInstalled() throws IOException {
        assertTrue(nvrtc.isInstalled());
        assertEquals(-1, Arrays.mismatch(builtins, Files.readAllBytes(nvrtc.files().getFirst())));
        assertEquals(-1, Arrays.mismatch(library, Files.readAllBytes(nvrtc.files().getLast())));
        try (Stream<Path> files = Files.list(folder.resolve("cache/nvrtc-12.9"))) {
            assertEquals(List.of("libnvrtc-builtins.so.12.9", "libnvrtc.so.12"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    private void assertNothingInstalled() throws IOException {
        assertFalse(nvrtc.isInstalled());
        Path cache = folder.resolve("cache/nvrtc-12.9");
        if (Files.exists(cache)) {
            try (Stream<Path> files = Files.list(cache)) {
                assertEquals(List.of(), files.toList());
            }
        }
    }

    @Test
    void takesTwoFilesOfAnArchive() throws Exception {
        AtomicLong read = new AtomicLong();
        assertFalse(nvrtc.isInstalled());
        assertEquals(Optional.empty(), nvrtc.unpack(archive, (bytes, total) -> {
            assertTrue(bytes >= read.get() && bytes <= total);
            read.set(bytes);
        }));
        assertEquals(Files.size(archive), read.get());
        assertInstalled();
        assertEquals(1, NvrtcFiles.in(folder.resolve("cache/nvrtc-12.9")).size());
    }

    @Test
    void theStrongestHashBesideTheArchiveIsCompared() throws Exception {
        Path sha1 = folder.resolve("archive.jar.sha1");
        Files.writeString(sha1, hash("SHA-1").toUpperCase(Locale.ROOT) + "  archive.jar\n");
        assertEquals(Optional.of("SHA-1"), nvrtc.unpack(archive, (_, _) -> { }));
        assertInstalled();
        Files.writeString(folder.resolve("archive.jar.sha256"), hash("SHA-256"));
        Files.writeString(sha1, "0");
        assertEquals(Optional.of("SHA-256"), nvrtc.unpack(archive, (_, _) -> { }));
    }

    @Test
    void aDamagedArchiveIsNotInstalled() throws Exception {
        Files.writeString(folder.resolve("archive.jar.sha1"), "0123456789012345678901234567890123456789");
        String text = assertThrows(InputError.class, () -> nvrtc.unpack(archive, (_, _) -> { })).text();
        assertTrue(text.contains("is damaged: its SHA-1 is " + hash("SHA-1")), text);
        assertNothingInstalled();
        Files.delete(folder.resolve("archive.jar.sha1"));
        byte[] whole = Files.readAllBytes(archive);
        Files.write(archive, Arrays.copyOf(whole, 200_000));
        assertThrows(InputError.class, () -> nvrtc.unpack(archive, (_, _) -> { }));
        assertNothingInstalled();
        Files.writeString(archive, "no archive");
        assertTrue(assertThrows(InputError.class, () -> nvrtc.unpack(archive, (_, _) -> { })).getMessage()
                .endsWith("does not hold libnvrtc-builtins.so.12.9 and libnvrtc.so.12"));
        writeArchive("libnvrtc.so.12", "libnvrtc-builtins.so.12.8");
        assertThrows(InputError.class, () -> nvrtc.unpack(archive, (_, _) -> { }));
        assertNothingInstalled();
        assertTrue(assertThrows(InputError.class, () -> nvrtc.unpack(folder.resolve("none.jar"), (_, _) -> { })).getMessage()
                .startsWith("there is no file "));
    }

    @Test
    void downloadsFromAnyRepository() throws Exception {
        serve("", Files.readAllBytes(archive));
        serve(".sha1", ascii(hash("SHA-1")));
        assertEquals(Optional.of("SHA-1"), nvrtc.download(repository() + "/", (_, total) ->
                assertEquals(archive.toFile().length(), total)));
        assertInstalled();
    }

    @Test
    void whatCannotBeDownloadedIsSaid() throws Exception {
        InputError missing = assertThrows(InputError.class, () -> nvrtc.download(repository(), (_, _) -> { }));
        assertTrue(missing.getMessage().endsWith(".jar cannot be downloaded: the server answers 404"), missing.text());
        assertTrue(missing.text().contains("--repository names another server"), missing.text());
        serve("", Files.readAllBytes(archive));
        serve(".sha256", ascii(hash("SHA-1")));
        assertTrue(assertThrows(InputError.class, () -> nvrtc.download(repository(), (_, _) -> { })).getMessage()
                .contains("is damaged: its SHA-256 is"));
        String address = repository();
        server.stop(0);
        assertTrue(assertThrows(InputError.class, () -> nvrtc.download(address, (_, _) -> { })).getMessage()
                .contains(".jar cannot be downloaded: "));
        assertTrue(assertThrows(InputError.class, () -> nvrtc.download("no address", (_, _) -> { })).getMessage()
                .contains("is no address of a server"));
        assertTrue(assertThrows(InputError.class, () -> nvrtc.download("maven2", (_, _) -> { })).getMessage()
                .contains("is no address of a server"));
        assertNothingInstalled();
    }

    @Test
    void whereNothingCanBeWrittenTheUserHearsIt() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        String text = assertThrows(InputError.class,
                () -> new NvrtcPackage(file.resolve("nvrtc")).unpack(archive, (_, _) -> { })).text();
        assertTrue(text.contains("set MCRC_CACHE to a folder"), text);
    }
}
