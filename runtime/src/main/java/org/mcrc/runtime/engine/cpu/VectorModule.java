package org.mcrc.runtime.engine.cpu;

import java.lang.reflect.InvocationTargetException;

/**
 * The module of the Vector API, {@code jdk.incubator.vector}, loaded when the first engine is made.
 *
 * <p>Named on the command line ({@code --add-modules}), an incubating module keeps the virtual machine from storing its
 * module graph in the AOT cache, and with it the linked classes, lambdas and switches of the whole program: a start takes
 * half as long again, and the virtual machine warns of the module on every standard error. Loaded like this, by the
 * function by which the virtual machine itself loads modules late, it is the same module in the same class loader.
 */
public final class VectorModule {
    private static final String NAME = "jdk.incubator.vector";

    private VectorModule() {}

    /**
     * Loads the module, unless it is there.
     *
     * @throws IllegalStateException where Java was started neither with {@code --add-modules=jdk.incubator.vector} nor
     *     with {@code --add-exports=java.base/jdk.internal.module=ALL-UNNAMED}
     */
    public static void load() {
        if (ModuleLayer.boot().findModule(NAME).isPresent()) {
            return;
        }
        try {
            Class.forName("jdk.internal.module.Modules").getMethod("loadModule", String.class).invoke(null, NAME);
        } catch (InvocationTargetException failed) {
            throw new IllegalStateException("the module " + NAME + " cannot be loaded", failed.getCause());
        } catch (ReflectiveOperationException closed) {
            throw new IllegalStateException("Java was started without the module " + NAME
                    + ": add --add-modules=" + NAME, closed);
        }
    }
}
