package org.mcrc.compiler.backend.java;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Modifier;
import org.mcrc.compiler.index.VectorDomain;
import org.mcrc.compiler.kernel.ChainedProduct;
import org.mcrc.compiler.kernel.ContractionOrder;
import org.mcrc.compiler.kernel.Convolution;
import org.mcrc.compiler.kernel.Correlation;
import org.mcrc.compiler.kernel.Fold;
import org.mcrc.compiler.kernel.Gram;
import org.mcrc.compiler.kernel.Kernel;
import org.mcrc.compiler.kernel.KernelProgram;
import org.mcrc.compiler.kernel.Nest;
import org.mcrc.compiler.kernel.ReverseScan;
import org.mcrc.compiler.kernel.Scan;
import org.mcrc.compiler.kernel.Spectrum;
import org.mcrc.compiler.kernel.Storage;
import org.mcrc.compiler.kernel.Sweep;
import org.mcrc.compiler.kernel.Wrap;

/** Prints a scheduled program as one Java class, which the runtime's CPU engine compiles and runs. */
public final class JavaBackend {
    private static final String RUNTIME = "org.mcrc.runtime.engine.cpu";
    private static final String SUPPORT = RUNTIME + ".support";
    private static final ClassName KERNELS = ClassName.get(RUNTIME, "CpuKernels");
    private static final ClassName MEMORY = ClassName.get(RUNTIME, "KernelMemory");
    private static final ClassName WORKERS = ClassName.get(SUPPORT, "Workers");
    private static final ClassName CONTRACTION = ClassName.get(SUPPORT, "Contraction");
    private static final ClassName TABLE = ClassName.get(SUPPORT, "VectorTable");
    static final ClassName PRODUCER = ClassName.get(SUPPORT, "Producer");
    static final ClassName MATRIX_PRODUCER = ClassName.get(SUPPORT, "MatrixProducer");
    static final ClassName FOLD_PARTS = ClassName.get(SUPPORT, "FoldParts");
    static final ClassName SPECTRAL_GRID = ClassName.get(SUPPORT, "SpectralGrid");
    private static final ClassName HALO = ClassName.get(SUPPORT, "Halo");

    /** The simple names of the classes that generated code may name. */
    private static final Set<String> TAKEN = Set.of("CpuKernels", "KernelMemory", "Workers", "Contraction", "VectorTable",
            "FoldParts", "Halo", "SpectralGrid", "VectorMath", "ScalarMath", "Lanes", "FloatVector", "DoubleVector",
            "VectorMask", "VectorOperators", "VectorSpecies", "Float", "Double", "Math", "Object", "Override", "String",
            "System", "Arrays");

    /** Words that Java allows as names, but not of classes (Java Language Specification, section 3.9). */
    private static final Set<String> NO_CLASS = Set.of("permits", "record", "sealed", "var", "yield");

    /** The package of generated classes. */
    public static final String PACKAGE = "org.mcrc.generated";

    private JavaBackend() {}

    /**
     * A generated class.
     *
     * @param className its fully qualified name
     * @param text its source
     * @param tables the vector sets that it looks up, by the name under which it asks for them
     */
    public record Source(String className, String text, Map<String, VectorDomain> tables) {}

    /** The class of a program in one precision. */
    public static Source print(KernelProgram program, Precision precision) {
        ClassContext context = new ClassContext(program, precision);
        List<MethodSpec> methods = new ArrayList<>();
        List<MethodSpec> phases = new ArrayList<>();
        program.kernels().forEach((phase, kernels) -> {
            MethodSpec.Builder run = MethodSpec.methodBuilder(phase.name().toLowerCase(Locale.ROOT))
                    .addAnnotation(Override.class).addModifiers(Modifier.PUBLIC);
            for (List<Kernel> group : ContractionOrder.groups(kernels)) {
                List<String> names = new ArrayList<>();
                for (Kernel kernel : group) {
                    if (kernel instanceof Wrap wrap) {
                        run.addCode(wrap(context, wrap));
                    } else {
                        List<MethodSpec> added = methods(context, kernel);
                        methods.addAll(added);
                        names.add(added.getFirst().name());
                    }
                }
                if (group.size() > 1) {
                    run.addStatement("workers.together($L)",
                            names.stream().map(method -> "this::" + method).collect(Collectors.joining(", ")));
                } else {
                    names.forEach(method -> run.addStatement("$L()", method));
                }
            }
            phases.add(run.build());
        });
        String name = className(program.index().name());
        TypeSpec.Builder type = TypeSpec.classBuilder(name).addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .addSuperinterface(KERNELS).addJavadoc("$L", documentation(program));
        addFields(type, context);
        type.addMethod(constructor(context));
        phases.forEach(type::addMethod);
        methods.forEach(type::addMethod);
        String text = JavaFile.builder(PACKAGE, type.build()).indent("    ").skipJavaLangImports(true).build().toString();
        return new Source(PACKAGE + "." + name, withImports(text, context), context.tables().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey)));
    }

    /** The methods of a kernel; the first one runs it. */
    private static List<MethodSpec> methods(ClassContext context, Kernel kernel) {
        return switch (kernel) {
            case Nest nest -> {
                Sweep sweep = Sweep.of(nest);
                yield sweep == null ? new NestEmitter(context, nest).emit() : new SweepEmitter(context, sweep).emit();
            }
            case Sweep sweep -> new SweepEmitter(context, sweep).emit();
            case Scan scan -> new ScanEmitter(context).emit(scan);
            case Gram gram -> new ContractionEmitter(context).gram(gram);
            case Fold fold -> new ContractionEmitter(context).fold(fold);
            case ChainedProduct chain -> new ContractionEmitter(context).chain(chain);
            case ReverseScan scan -> new ScanEmitter(context).emit(scan);
            case Spectrum spectrum -> new CorrelationEmitter(context).spectrum(spectrum);
            case Correlation correlation -> new CorrelationEmitter(context).correlation(correlation);
            case Convolution convolution -> new CorrelationEmitter(context).convolution(convolution);
            case Wrap _ -> throw new IllegalArgumentException("a halo has no method");
        };
    }

    private static CodeBlock wrap(ClassContext context, Wrap wrap) {
        Storage storage = context.storage(wrap.target());
        String array = context.array(wrap.target());
        CodeBlock halo = CodeBlock.of("new $T(new int[] {$L}, new int[] {$L})", HALO,
                numbers(storage.tensor().grid().extents()), numbers(storage.halo()));
        return storage.planes() == 1 ? CodeBlock.of("$L.wrap($L, 0);\n", halo, array)
                : CodeBlock.builder().beginControlFlow("for (int plane = 0; plane < $L; plane++)", storage.planes())
                        .addStatement("$L.wrap($L, plane * $L)", halo, array, storage.plane()).endControlFlow().build();
    }

    private static String numbers(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** The class is called as the descriptor, so that its source is NAME.java, unless Java or the code in it forbids it. */
    private static String className(String descriptor) {
        boolean taken = SourceVersion.isKeyword(descriptor) || NO_CLASS.contains(descriptor) || TAKEN.contains(descriptor);
        return taken ? descriptor + "_" : descriptor;
    }

    private static String documentation(KernelProgram program) {
        String text = program.index().documentation();
        return "Kernels of the descriptor " + program.index().name() + ", generated by mcrc.\n"
                + (text.isEmpty() ? "" : "\n" + Comments.formula("", text) + "\n");
    }

    private static void addFields(TypeSpec.Builder type, ClassContext context) {
        TypeName species = ParameterizedTypeName.get(Precision.vectorClass("VectorSpecies"), context.precision().boxed());
        type.addField(FieldSpec.builder(species, "SPECIES", Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                .initializer("$T.SPECIES_PREFERRED", context.precision().vector()).build());
        type.addField(FieldSpec.builder(TypeName.INT, "LANES", Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                .initializer("SPECIES.length()").build());
        type.addField(WORKERS, "workers", Modifier.PRIVATE, Modifier.FINAL);
        type.addField(contractionType(context), "contraction", Modifier.PRIVATE, Modifier.FINAL);
        context.arrays().forEach((tensor, field) -> type.addField(FieldSpec.builder(ArrayTypeName.of(
                context.storage(tensor).exact() ? TypeName.DOUBLE : context.precision().element()), field,
                Modifier.PRIVATE, Modifier.FINAL).build()));
        context.arguments().values().forEach(field ->
                type.addField(TypeName.DOUBLE, field, Modifier.PRIVATE, Modifier.FINAL));
        context.tables().values().forEach(field -> type.addField(TABLE, field, Modifier.PRIVATE, Modifier.FINAL));
        context.axes().values().forEach(fields -> fields.forEach(field ->
                type.addField(ArrayTypeName.of(TypeName.INT), field, Modifier.PRIVATE, Modifier.FINAL)));
        context.scratch().forEach((field, length) -> type.addField(FieldSpec.builder(ArrayTypeName.of(
                context.precision().element()), field, Modifier.PRIVATE, Modifier.FINAL)
                .initializer("new $T[$L]", context.precision().element(), length).build()));
        context.spectralGrids().values().forEach(field ->
                type.addField(SPECTRAL_GRID, field, Modifier.PRIVATE, Modifier.FINAL));
        context.accumulators().forEach(field -> type.addField(ArrayTypeName.of(ArrayTypeName.of(
                context.precision().element())), field, Modifier.PRIVATE));
    }

    private static TypeName contractionType(ClassContext context) {
        return ParameterizedTypeName.get(CONTRACTION, ArrayTypeName.of(context.precision().element()));
    }

    private static MethodSpec constructor(ClassContext context) {
        MethodSpec.Builder constructor = MethodSpec.constructorBuilder().addModifiers(Modifier.PUBLIC)
                .addParameter(MEMORY, "memory").addParameter(WORKERS, "workers")
                .addStatement("this.workers = workers")
                .addStatement("this.contraction = $T.$L(workers)", CONTRACTION,
                        context.precision().contractionFactory());
        context.arrays().forEach((tensor, field) -> constructor.addStatement("this.$L = memory.$L($S)", field,
                context.storage(tensor).exact() || context.precision() == Precision.DOUBLE ? "doubles" : "floats",
                tensor.name()));
        context.arguments().forEach((name, field) -> constructor.addStatement("this.$L = memory.argument($S)", field, name));
        context.tables().forEach((domain, field) -> {
            constructor.addStatement("this.$L = memory.table($S)", field, field);
            List<String> axes = context.axes().getOrDefault(domain, List.of());
            for (int c = 0; c < axes.size(); c++) {
                constructor.addStatement("this.$L = $L.axis($L)", axes.get(c), field, c);
            }
        });
        context.spectralGrids().forEach((grid, field) -> constructor.addStatement("this.$L = new $T(new int[] {$L}, workers)",
                field, SPECTRAL_GRID, numbers(grid.extents())));
        return constructor.build();
    }

    /** Adds the imports of classes that are named in the text of expressions. */
    private static String withImports(String text, ClassContext context) {
        TreeSet<String> imports = new TreeSet<>();
        context.imports().forEach(name -> imports.add("import " + name.canonicalName() + ";"));
        StringBuilder rest = new StringBuilder();
        String head = null;
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("package ")) {
                head = line;
            } else if (line.startsWith("import ")) {
                imports.add(line);
            } else {
                rest.append(line).append('\n');
            }
        }
        return head + "\n\n" + String.join("\n", imports) + "\n\n" + rest.toString().strip() + "\n";
    }
}
