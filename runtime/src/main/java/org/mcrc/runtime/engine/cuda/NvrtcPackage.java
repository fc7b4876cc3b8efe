package org.mcrc.runtime.engine.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.mcrc.runtime.InputError;

/**
 * NVRTC as it can be had from every Maven repository: two files of a large archive, which is never on disk as a whole.
 */
public final class NvrtcPackage {
    /** Where it is published. */
    public static final String REPOSITORY = "https://repo1.maven.org/maven2";

    /** Where NVIDIA's conditions for it are. */
    public static final String LICENCE = "https://docs.nvidia.com/cuda/eula";

    /** The archive's name. */
    static final String FILE = "cuda-redist-12.9-9.10-1.5.12-linux-x86_64.jar";

    private static final String FOLDER = "org/bytedeco/cuda-redist/12.9-9.10-1.5.12/";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int OK = 200;

    private final Path folder;

    /** @param folder into which it is put */
    public NvrtcPackage(Path folder) {
        this.folder = folder;
    }

    /** Hears how an archive is read. */
    @FunctionalInterface
    public interface Progress {
        /**
         * So much has been read.
         *
         * @param total how many bytes there are; negative where that is not known
         */
        void read(long bytes, long total);
    }

    /** Where its files are, or will be. */
    public List<Path> files() {
        return NvrtcArchive.FILES.stream().map(folder::resolve).toList();
    }

    /** Whether they are there. */
    public boolean isInstalled() {
        return files().stream().allMatch(Files::isRegularFile);
    }

    /** Where a repository has the archive. */
    public static String address(String repository) {
        return repository.replaceFirst("/+$", "") + "/" + FOLDER + FILE;
    }

    /**
     * Downloads it and puts it into the folder.
     *
     * @return the hash with which it was found to agree; nothing where none is published
     * @throws InputError where it cannot be had or written, or is not what was published
     */
    public Optional<String> download(String repository, Progress progress) {
        String address = address(repository);
        try (HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(PATIENCE).build()) {
            PublishedHash published = PublishedHash.find(ending -> {
                HttpResponse<String> response = client.send(request(address + ending),
                        BodyHandlers.ofString(StandardCharsets.US_ASCII));
                return response.statusCode() == OK ? Optional.of(response.body()) : Optional.empty();
            });
            HttpResponse<InputStream> response = client.send(request(address), BodyHandlers.ofInputStream());
            try (InputStream content = response.body()) {
                if (response.statusCode() != OK) {
                    throw new InputError(address + " cannot be downloaded: the server answers " + response.statusCode(),
                            otherwise());
                }
                long size = response.headers().firstValueAsLong("Content-Length").orElse(-1);
                new NvrtcArchive(address, size, published).install(content, folder, progress);
                return published.algorithm();
            }
        } catch (IOException unreachable) {
            String reason = unreachable.getMessage() == null ? "there is no connection" : unreachable.getMessage();
            throw new InputError(address + " cannot be downloaded: " + reason, otherwise());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InputError("the download was interrupted", "mcrc setup cuda begins it again");
        }
    }

    private static HttpRequest request(String address) {
        try {
            return HttpRequest.newBuilder(URI.create(address)).timeout(PATIENCE).build();
        } catch (IllegalArgumentException noAddress) {
            throw new InputError("'" + address + "' is no address of a server: " + noAddress.getMessage(),
                    "the address of a repository begins with https://");
        }
    }

    private static String otherwise() {
        return "--repository names another server that has what Maven Central has; --from takes the file " + FILE
                + " if it was downloaded in another way";
    }

    /**
     * Takes it from an archive on disk.
     *
     * @return the hash with which it was found to agree; nothing where none is beside it
     * @throws InputError where that is no such archive, or is not what was published
     */
    public Optional<String> unpack(Path archive, Progress progress) {
        if (!Files.isRegularFile(archive)) {
            throw new InputError("there is no file " + archive, otherwise());
        }
        try (InputStream content = Files.newInputStream(archive)) {
            PublishedHash published = PublishedHash.find(ending -> {
                Path file = archive.resolveSibling(archive.getFileName() + ending);
                return Files.isRegularFile(file) ? Optional.of(Files.readString(file, StandardCharsets.US_ASCII))
                        : Optional.empty();
            });
            new NvrtcArchive(archive.toString(), Files.size(archive), published).install(content, folder, progress);
            return published.algorithm();
        } catch (IOException unreadable) {
            throw new InputError(archive + " cannot be read: " + unreadable.getMessage());
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
