package org.mcrc.runtime.engine.cuda;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.mcrc.compiler.backend.cuda.LaunchPlan;
import org.mcrc.compiler.program.Manifest;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.ManifestSignature;
import org.mcrc.runtime.engine.Minimization;
import org.mcrc.runtime.engine.Minimizer;
import org.mcrc.runtime.engine.Signature;

/**
 * Runs a compiled program on a device. Fields go to it and losses and gradients come back; everything else stays there. What
 * an evaluation launches is recorded once and played from then on.
 */
public final class CudaEngine implements Engine {
    /** The share of the greatest error below which one product of halves is no longer enough. */
    private static final double NEAR = 1e-3;

    /** The most values of an array: a copy to the device or from it is one buffer of bytes. */
    private static final long MOST_VALUES = Integer.MAX_VALUE / Double.BYTES;

    private static final int ONE_PRODUCT = 1;
    private static final int THREE_PRODUCTS = 3;

    /** Under what name the losses are among what is kept on the host by the names of arrays: no array's. */
    private static final String LOSSES_ON_HOST = "(losses)";

    private final Manifest manifest;
    private final LaunchPlan plan;
    private final Signature signature;
    private final Device device;
    private final Device.Module module;
    private final DeviceMemory memory;
    private final Map<String, Device.Buffer> arrays = new LinkedHashMap<>();
    private final Map<String, Device.Buffer> workspaces = new LinkedHashMap<>();
    private final Map<String, Device.Buffer> tables = new LinkedHashMap<>();
    private final Map<String, Device.Buffer> numbers = new LinkedHashMap<>();
    private final Map<String, ByteBuffer> hostMemory = new HashMap<>();
    private final Map<Integer, Device.Recording> recordings = new HashMap<>();
    private final Map<Integer, Device.Recording> lossRecordings = new HashMap<>();
    /** Whether there is a choice: in mixed precision, where anything is a product of halves. */
    private final boolean chooses;

    /** How many products of halves stand for one now. */
    private int products = THREE_PRODUCTS;
    private double greatestError;

    /** The share of it below which an error is near. */
    private double near = NEAR;
    private boolean closed;

    /**
     * Binds a compiled program.
     *
     * @param source the text of its kernels, as the device takes it
     * @param device used by this engine and perhaps others, one after another; it is not closed with the engine
     * @throws InputError where there is not enough memory, with the amount, or an array is too large to be copied
     */
    public CudaEngine(Manifest manifest, String source, Device device) {
        this.manifest = manifest;
        this.plan = manifest.cuda();
        this.signature = ManifestSignature.of(manifest);
        this.device = device;
        this.chooses = manifest.precision().equals("mixed") && plan.phases().values().stream().flatMap(List::stream)
                .flatMap(step -> step.arguments().stream()).anyMatch(argument -> argument.kind() == LaunchPlan.Kind.PRODUCTS);
        require();
        this.memory = new DeviceMemory(device);
        this.module = device.load(manifest.name(), source);
        try {
            allocate();
            manifest.data().forEach(this::store);
            run(plan.phases().get("prepare"), products);
            device.synchronize();
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** The bytes of the device's memory that a program takes. */
    public static long bytes(Manifest manifest) {
        LaunchPlan plan = manifest.cuda();
        return manifest.bytes() + plan.workspaces().stream().mapToLong(LaunchPlan.Workspace::bytes).sum()
                + plan.tables().values().stream().mapToLong(table -> (long) table.length * Integer.BYTES).sum()
                + plan.numbers().values().stream().mapToLong(each -> (long) each.length * Double.BYTES).sum();
    }

    /** What it runs. */
    Manifest manifest() {
        return manifest;
    }

    /** Whether the program can run on the device, before anything is allocated. */
    private void require() {
        for (Manifest.Array array : manifest.arrays()) {
            if (array.length() > MOST_VALUES) {
                throw new InputError(manifest.name() + " at this size has an array of " + array.length()
                        + " values, and arrays on a GPU have " + MOST_VALUES + " at most",
                        "take fewer pixels or fewer vectors, or --backend cpu");
            }
        }
        long needed = bytes(manifest);
        long free = device.freeBytes();
        if (needed > free) {
            throw new InputError(String.format(Locale.ROOT, "%s at this size needs %.1f GB of memory on %s, which has"
                    + " %.1f GB free", manifest.name(), needed / 1e9, device.description(), free / 1e9),
                    "take fewer pixels or fewer vectors, or --backend cpu");
        }
    }

    private void allocate() {
        int element = manifest.precision().equals("double") ? Double.BYTES : Float.BYTES;
        for (Manifest.Array array : manifest.arrays()) {
            arrays.put(array.name(), memory.bytes(array.length() * (array.exact() ? Double.BYTES : element)));
        }
        plan.workspaces().forEach(each -> workspaces.put(each.name(), memory.bytes(each.bytes())));
        plan.tables().forEach((name, values) -> tables.put(name, constant((long) values.length * Integer.BYTES,
                bytes -> bytes.asIntBuffer().put(values))));
        plan.numbers().forEach((name, values) -> numbers.put(name, constant((long) values.length * Double.BYTES,
                bytes -> bytes.asDoubleBuffer().put(values))));
    }

    /** Memory of the device with what is written into so many bytes of this computer's. */
    private Device.Buffer constant(long bytes, Consumer<ByteBuffer> write) {
        Device.Buffer buffer = memory.bytes(Math.max(bytes, Integer.BYTES));
        ByteBuffer staging = device.staging();
        if (bytes <= staging.capacity()) {
            staging.limit((int) bytes);
            write.accept(staging);
            device.copyToDevice(staging, buffer);
            device.synchronize();
            return buffer;
        }
        ByteBuffer own = device.hostMemory(Math.toIntExact(bytes));
        try {
            write.accept(own);
            device.copyToDevice(own, buffer);
            device.synchronize();
            return buffer;
        } finally {
            device.freeHostMemory(own);
        }
    }

    // Launches

    private void run(List<LaunchPlan.Step> steps, int withProducts) {
        run(steps, withProducts, Map.of());
    }

    /** The same with other memory for workspaces of these names, of the device or of this computer. */
    private void run(List<LaunchPlan.Step> steps, int withProducts, Map<String, Object> others) {
        for (LaunchPlan.Step step : steps) {
            List<Object> arguments = new ArrayList<>();
            step.arguments().forEach(argument -> arguments.add(argument.kind() == LaunchPlan.Kind.WORKSPACE
                    && others.containsKey(argument.name()) ? others.get(argument.name()) : argument(argument, withProducts)));
            device.launch(module, new Launch(step.kernel(),
                    step.gridX() == LaunchPlan.BLOCKS_OF_DEVICE ? blocks() : step.gridX(), step.gridY(), 1, step.block(),
                    device.multipliesInWarpgroups() ? step.shared().bytesOfWarpgroups() : step.shared().bytes(), arguments));
        }
    }

    /** The blocks of launches that have one for each multiprocessor. */
    private int blocks() {
        return Math.clamp(device.multiprocessors() / 2 * 2, 2, LaunchPlan.MOST_BLOCKS_OF_DEVICE);
    }

    private Object argument(LaunchPlan.Argument argument, int withProducts) {
        return switch (argument.kind()) {
            case ARRAY -> arrays.get(argument.name());
            case WORKSPACE -> workspaces.get(argument.name());
            case TABLE -> tables.get(argument.name());
            case NUMBERS -> numbers.get(argument.name());
            case PARAMETER -> manifest.arguments().get(argument.name());
            case INTEGER -> argument.value();
            case PRODUCTS -> withProducts;
            case BLOCKS -> blocks();
        };
    }

    // Values

    private ByteBuffer host(String name, int count) {
        return hostMemory.computeIfAbsent(name, _ -> memory.numbersOnHost(Math.max(1, count))).clear();
    }

    /** Puts values into an array and waits until they are there. */
    private void store(String array, double[] values) {
        Device.Buffer onDevice = workspaces.get(LaunchPlan.VALUES);
        ByteBuffer staging = device.staging();
        int most = staging.capacity() / Double.BYTES;
        for (int first = 0; first < values.length; first += most) {
            int count = Math.min(most, values.length - first);
            staging.clear().limit(count * Double.BYTES).asDoubleBuffer().put(values, first, count);
            device.copyToDevice(staging, onDevice, (long) first * Double.BYTES);
            device.synchronize();
        }
        run(plan.placing().get(array), products);
        device.synchronize();
    }

    /** The values of an array. */
    private double[] load(String array) {
        run(plan.taking().get(array), products);
        Device.Buffer onDevice = workspaces.get(LaunchPlan.VALUES);
        ByteBuffer staging = device.staging();
        int most = staging.capacity() / Double.BYTES;
        double[] values = new double[size(array)];
        for (int first = 0; first < values.length; first += most) {
            int count = Math.min(most, values.length - first);
            device.copyToHost(onDevice, (long) first * Double.BYTES, staging.clear().limit(count * Double.BYTES));
            device.synchronize();
            staging.asDoubleBuffer().get(values, first, count);
        }
        return values;
    }

    private void fill(String array, double[] values) {
        host(array, values.length).asDoubleBuffer().put(values);
    }

    /** What the host wants is written where it is, and what it gives is read there: a copy more takes longer than its bytes. */
    private void take(String array, int count) {
        run(plan.taking().get(array), products, Map.of(LaunchPlan.VALUES, host(array, count)));
    }

    private int size(String array) {
        return manifest.arrays().stream().filter(each -> each.name().equals(array)).findFirst().orElseThrow().shape()
                .stream().reduce(1, Math::multiplyExact);
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public void characterize(Map<String, double[]> fields) {
        fields.forEach(this::store);
        run(plan.phases().get("outputs"), products);
        device.synchronize();
    }

    @Override
    public double[] values(String entry) {
        Manifest.Output output = Stream.concat(manifest.outputs().stream(), manifest.reports().stream())
                .filter(each -> each.entry().equals(entry)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no output or report " + entry));
        return load(output.array());
    }

    @Override
    public void setTarget(String entry, double[] values) {
        String target = manifest.targets().stream().filter(each -> each.equals(entry + "*")).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no target " + entry));
        int size = size(target);
        if (values.length != size) {
            throw new IllegalArgumentException(entry + " has " + size + " elements, not " + values.length);
        }
        store(target, values);
    }

    @Override
    public void setErrorScale(double norm, int degree) {
        greatestError = norm;
        near = Math.pow(NEAR, degree);
    }

    // Evaluations

    @Override
    public Losses evaluate(Map<String, double[]> fields) {
        fields.forEach(this::fill);
        host(LOSSES_ON_HOST, 2 + manifest.penalties().size());
        lossRecordings.computeIfAbsent(products, each -> device.record(() -> {
            placeFields(each);
            run(plan.phases().get("outputs"), each);
            run(plan.phases().get("loss"), each);
            takeLosses();
        })).play();
        device.synchronize();
        return computed();
    }

    @Override
    public Losses losses() {
        run(plan.phases().get("loss"), products);
        takeLosses();
        device.synchronize();
        return computed();
    }

    private void takeLosses() {
        run(plan.losses(), products, Map.of(LaunchPlan.LOSSES, host(LOSSES_ON_HOST, 2 + manifest.penalties().size())));
    }

    // Evaluations without this computer

    /**
     * {@inheritDoc}
     *
     * <p>Empty for what {@link DeviceLoop} cannot do, and where its memory does not fit beside that of the program.
     */
    @Override
    public Optional<Minimizer> minimizer(Minimization minimization) {
        if (!DeviceLoop.isFor(minimization)
                || DeviceLoop.bytes(unknowns(), minimization.optimizer()) > device.freeBytes()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new DeviceLoop(this, device, minimization));
        } catch (InputError taken) {
            // By another engine in the meantime.
            return Optional.empty();
        }
    }

    /** The number of values of all fields. */
    int unknowns() {
        return manifest.fields().stream().mapToInt(field -> size(field.name())).reduce(0, Math::addExact);
    }

    /** Where launches of evaluations leave the loss, the error and the penalties, in this order. */
    Device.Buffer lossesOnDevice() {
        return workspaces.get(LaunchPlan.LOSSES);
    }

    /** How many products of halves stand for one in the next evaluation. */
    int products() {
        return products;
    }

    /**
     * Launches an evaluation that begins and ends on the device.
     *
     * @param point the values of all fields, one field after another, in double precision
     * @param gradient receives the gradient likewise
     */
    void launchEvaluation(Device.Buffer point, Device.Buffer gradient) {
        // One field alone is read where it is, and so is its gradient written.
        boolean single = manifest.fields().size() == 1;
        Device.Buffer values = workspaces.get(LaunchPlan.VALUES);
        long offset = 0;
        for (Manifest.Field field : manifest.fields()) {
            long bytes = (long) size(field.name()) * Double.BYTES;
            if (!single) {
                device.copy(point, offset, values, 0, bytes);
            }
            run(plan.placing().get(field.name()), products, Map.of(LaunchPlan.VALUES, single ? point : values));
            offset += bytes;
        }
        compute(products);
        run(plan.losses(), products);
        offset = 0;
        for (Manifest.Field field : manifest.fields()) {
            long bytes = (long) size(field.name()) * Double.BYTES;
            run(plan.taking().get(manifest.gradients().get(field.name())), products,
                    Map.of(LaunchPlan.VALUES, single ? gradient : values));
            if (!single) {
                device.copy(values, 0, gradient, offset, bytes);
            }
            offset += bytes;
        }
    }

    @Override
    public Losses evaluate(Map<String, double[]> fields, Map<String, double[]> gradients) {
        fields.forEach(this::fill);
        manifest.gradients().forEach((field, array) -> host(array, size(array)));
        host(LOSSES_ON_HOST, 2 + manifest.penalties().size());
        recordings.computeIfAbsent(products, each -> device.record(() -> evaluation(each))).play();
        device.synchronize();
        gradients.forEach((field, gradient) ->
                hostMemory.get(manifest.gradients().get(field)).clear().asDoubleBuffer().get(gradient));
        Losses losses = computed();
        choose(losses.error());
        return losses;
    }

    private void evaluation(int withProducts) {
        placeFields(withProducts);
        compute(withProducts);
        takeLosses();
        manifest.gradients().values().forEach(array -> take(array, size(array)));
    }

    private void placeFields(int withProducts) {
        for (Manifest.Field field : manifest.fields()) {
            run(plan.placing().get(field.name()), withProducts,
                    Map.of(LaunchPlan.VALUES, hostMemory.get(field.name()).clear()));
        }
    }

    private void compute(int withProducts) {
        for (String phase : List.of("outputs", "loss", "gradient")) {
            run(plan.phases().get(phase), withProducts);
        }
    }

    /**
     * The seconds that the launches of each kernel take in an evaluation, as the mean of so many after one another: for
     * whoever wants to know where the time goes. What the arrays hold afterwards means nothing.
     */
    Map<String, Double> secondsOfLaunches(int repeats) {
        Map<String, Double> seconds = new LinkedHashMap<>();
        for (String phase : List.of("outputs", "loss", "gradient")) {
            for (LaunchPlan.Step step : plan.phases().get(phase)) {
                Runnable all = () -> {
                    for (int k = 0; k < repeats; k++) {
                        run(List.of(step), products);
                    }
                };
                try (Device.Recording recording = device.record(all)) {
                    recording.play();
                    device.synchronize();
                    long start = System.nanoTime();
                    recording.play();
                    device.synchronize();
                    seconds.merge(step.kernel(), (System.nanoTime() - start) * 1e-9 / repeats, Double::sum);
                }
            }
        }
        return seconds;
    }

    /** Lets contractions of halves take so many products for one from now on, until the error says otherwise. */
    void takeProducts(int number) {
        products = number;
    }

    private Losses computed() {
        double[] values = new double[2 + manifest.penalties().size()];
        hostMemory.get(LOSSES_ON_HOST).clear().asDoubleBuffer().get(values);
        return losses(values);
    }

    /** The losses as they are on the device, by their names. */
    Losses losses(double[] values) {
        Map<String, Double> penalties = new LinkedHashMap<>();
        for (int k = 0; k < manifest.penalties().size(); k++) {
            penalties.put(manifest.penalties().get(k).name(), values[2 + k]);
        }
        return new Losses(values[0], values[1], penalties);
    }

    @Override
    public Optional<String> arithmetic() {
        return !chooses ? Optional.empty() : Optional.of(products == ONE_PRODUCT
                ? "large products of 11 bits, while the error is above a thousandth of the greatest"
                : "large products of 22 bits");
    }

    /** One product of halves while the error is large: the gradient's errors grow as the residual cancels. */
    void choose(double error) {
        if (chooses && Double.isFinite(error)) {
            greatestError = Math.max(greatestError, error);
            products = error > near * greatestError ? ONE_PRODUCT : THREE_PRODUCTS;
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        recordings.values().forEach(Device.Recording::close);
        lossRecordings.values().forEach(Device.Recording::close);
        memory.close();
        module.close();
    }
}
