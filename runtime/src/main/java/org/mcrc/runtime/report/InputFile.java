package org.mcrc.runtime.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.mcrc.runtime.InputError;

/**
 * A file that a run read.
 *
 * @param role what it was read as: {@code descriptor}, {@code like}, {@code target}, …
 * @param path as it was given
 * @param bytes its length
 * @param sha256 of its content, in hexadecimal
 */
public record InputFile(String role, String path, long bytes, String sha256) {

    /**
     * Reads the file and takes its hash.
     *
     * @throws InputError if it cannot be read
     */
    public static InputFile of(String role, Path path) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            long bytes;
            try (InputStream input = new DigestInputStream(Files.newInputStream(path), digest)) {
                bytes = input.transferTo(OutputStream.nullOutputStream());
            }
            return new InputFile(role, path.toString(), bytes, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException failure) {
            throw new InputError("cannot read " + path + ": " + failure.getMessage());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
