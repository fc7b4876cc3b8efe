package org.mcrc.runtime.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What a run ran on.
 *
 * @param mcrc this program's version, {@code development} when it runs from class files
 * @param java the Java runtime
 * @param system the operating system and the processor's architecture
 * @param processor its model, where the system tells
 * @param processors how many of them the process may use
 */
public record Versions(String mcrc, String java, String system, String processor, int processors) {

    private static final String POM = "/META-INF/maven/org.mcrc/mcrc-runtime/pom.properties";
    private static final Path PROCESSOR_FILE = Path.of("/proc/cpuinfo");

    /** Those of this process. */
    public static Versions current() {
        return new Versions(mcrcVersion(),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"),
                processorModel(), Runtime.getRuntime().availableProcessors());
    }

    private static String mcrcVersion() {
        try (InputStream input = Versions.class.getResourceAsStream(POM)) {
            if (input == null) {
                return "development";
            }
            Properties properties = new Properties();
            properties.load(input);
            return properties.getProperty("version");
        } catch (IOException unreadable) {
            return "unknown";
        }
    }

    private static String processorModel() {
        if (!Files.isReadable(PROCESSOR_FILE)) {
            return null;
        }
        try (Stream<String> lines = Files.lines(PROCESSOR_FILE)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst().orElse(null);
        } catch (IOException unreadable) {
            return null;
        }
    }
}
