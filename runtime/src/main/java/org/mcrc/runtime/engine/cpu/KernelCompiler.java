package org.mcrc.runtime.engine.cpu;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.mcrc.runtime.InputError;

/** Compiles generated sources in memory. */
public final class KernelCompiler {
    /** How the compiler's complaints begin about what is too long for a class file. */
    private static final String LIMIT = "compiler.err.limit";

    private KernelCompiler() {}

    /**
     * The class files of a source, by class name.
     *
     * @throws InputError where it is too long for a class file
     * @throws IllegalStateException where the source does not compile otherwise: a defect of the generator
     */
    public static Map<String, byte[]> compile(String className, String source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("this Java has no compiler: run mcrc with a JDK, not a JRE");
        }
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (Classes classes = new Classes(compiler.getStandardFileManager(diagnostics, null, null))) {
            List<String> options = List.of("--add-modules", "jdk.incubator.vector", "-proc:none", "-Xlint:none",
                    "-classpath", System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(new java.io.StringWriter(), classes, diagnostics, options, null,
                    List.of(new Source(className, source))).call();
            if (!compiled) {
                if (diagnostics.getDiagnostics().stream().anyMatch(diagnostic -> diagnostic.getCode().startsWith(LIMIT))) {
                    String name = className.substring(className.lastIndexOf('.') + 1);
                    throw new InputError(name + " has more formulas, or longer ones, than a class of Java can hold",
                            "divide it into several descriptors, or long formulas by let arrays of pixels; --backend evaluator"
                                    + " has no such limit and is slow");
                }
                List<String> messages = new ArrayList<>();
                diagnostics.getDiagnostics().stream().limit(5).forEach(diagnostic ->
                        messages.add("line " + diagnostic.getLineNumber() + ": " + diagnostic.getMessage(null)));
                throw new IllegalStateException("generated source of " + className + " does not compile: "
                        + String.join("; ", messages));
            }
            return classes.bytes();
        } catch (java.io.IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
    }

    /** The class of this name among these class files, in a class loader of its own. */
    public static Class<? extends CpuKernels> load(String className, Map<String, byte[]> classes) {
        ClassLoader loader = new ClassLoader(KernelCompiler.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                byte[] bytes = classes.get(name);
                if (bytes == null) {
                    throw new ClassNotFoundException(name);
                }
                return defineClass(name, bytes, 0, bytes.length);
            }
        };
        try {
            return loader.loadClass(className).asSubclass(CpuKernels.class);
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String className, String text) {
            super(URI.create("string:///" + className.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Classes extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written = new LinkedHashMap<>();

        Classes(StandardJavaFileManager manager) {
            super(manager);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(JavaFileManager.Location location, String className,
                JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + className.replace('.', '/') + kind.extension), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    written.put(className, bytes);
                    return bytes;
                }
            };
        }

        Map<String, byte[]> bytes() {
            Map<String, byte[]> bytes = new LinkedHashMap<>();
            written.forEach((name, stream) -> bytes.put(name, stream.toByteArray()));
            return bytes;
        }
    }
}
