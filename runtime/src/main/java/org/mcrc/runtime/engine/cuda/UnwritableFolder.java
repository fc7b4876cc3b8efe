package org.mcrc.runtime.engine.cuda;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.mcrc.runtime.InputError;

/** What the user hears where mcrc's folder for what it keeps cannot be written. */
final class UnwritableFolder {
    private UnwritableFolder() {
    }

    /** @param what was to be written: "NVRTC" */
    static InputError error(String what, Path folder, IOException failure) {
        // Without a reason its message is nothing but a file's name.
        String reason = switch (failure) {
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException system when system.getReason() == null -> "no file can be made there";
            case FileSystemException system -> system.getReason();
            default -> failure.getMessage();
        };
        return new InputError(what + " cannot be written to " + folder + ": " + reason,
                "set MCRC_CACHE to a folder that can be written and has 150 MB free");
    }
}
