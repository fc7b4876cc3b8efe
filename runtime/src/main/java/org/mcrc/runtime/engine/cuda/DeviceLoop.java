package org.mcrc.runtime.engine.cuda;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.runtime.engine.Minimization;
import org.mcrc.runtime.engine.Minimizer;
import org.mcrc.runtime.engine.Signature;
import org.mcrc.runtime.optimize.AdamSettings;
import org.mcrc.runtime.optimize.LimitedMemoryBfgsSettings;
import org.mcrc.runtime.optimize.OptimizerSettings;

/**
 * Evaluations and the steps of an optimizer one after another on a device. Recordings of 1, 2, 4, 8 and 16 evaluations are
 * played until there are as many as were asked for; then losses and the last point are copied back, and only then does the
 * host wait.
 */
final class DeviceLoop implements Minimizer {
    /** The most evaluations at once, and so many rows the ring has. */
    static final int STRIDE = 16;

    /** The arrays as large as the point besides those that {@link OptimizerSettings#arrays} counts, and some to spare. */
    private static final int OTHER_ARRAYS = 8;

    private final CudaEngine engine;
    private final Device device;
    private final Device.Module module;
    private final DeviceMemory memory;
    private final DeviceUnknowns unknowns;
    private final DeviceOptimizer optimizer;
    private final ByteBuffer ring;
    private final ByteBuffer evaluated;
    private final ByteBuffer transfer;
    /** By the number of evaluations and that of products. */
    private final Map<List<Integer>, Device.Recording> recordings = new HashMap<>();

    private int done;
    private boolean exhausted;

    /** @param engine not closed by this */
    DeviceLoop(CudaEngine engine, Device device, Minimization minimization) {
        this.engine = engine;
        this.device = device;
        int count = engine.unknowns();
        module = DeviceOptimizer.load(device);
        memory = new DeviceMemory(device);
        try {
            unknowns = new DeviceUnknowns(memory, count, STRIDE, 2 + engine.signature().penalties().size());
            optimizer = switch (minimization.optimizer()) {
                case AdamSettings settings -> new DeviceAdam(memory, module, unknowns, settings, minimization.finiteOnly(),
                        ranges(engine.signature(), minimization.projected()));
                case LimitedMemoryBfgsSettings settings ->
                        new DeviceLbfgs(memory, module, unknowns, settings, minimization.finiteOnly());
            };
            ring = memory.numbersOnHost(unknowns.ringLength());
            evaluated = memory.numbersOnHost(count);
            transfer = memory.numbersOnHost(count);
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** Whether it can do that: everything but a search along lines whose points are moved away from them. */
    static boolean isFor(Minimization minimization) {
        return switch (minimization.optimizer()) {
            case AdamSettings _ -> true;
            case LimitedMemoryBfgsSettings settings ->
                    !minimization.projected() && settings.history() <= DeviceLbfgs.LONGEST_HISTORY;
        };
    }

    /** The bytes of the device's memory that it takes for so many unknowns, about. */
    static long bytes(int unknowns, OptimizerSettings settings) {
        return (long) (settings.arrays() + OTHER_ARRAYS) * unknowns * Double.BYTES;
    }

    private static List<DeviceAdam.Range> ranges(Signature signature, boolean projected) {
        List<DeviceAdam.Range> ranges = new ArrayList<>();
        int first = 0;
        for (Signature.Field field : signature.fields()) {
            ranges.add(new DeviceAdam.Range(first, field.size(), projected ? field.low() : Double.NEGATIVE_INFINITY,
                    projected ? field.high() : Double.POSITIVE_INFINITY));
            first += field.size();
        }
        return ranges;
    }

    @Override
    public int stride() {
        return STRIDE;
    }

    @Override
    public void begin(double[] point) {
        transfer.clear().asDoubleBuffer().put(point);
        device.copyToDevice(transfer.clear(), unknowns.point());
        optimizer.begin();
        device.synchronize();
        done = 0;
        exhausted = false;
    }

    @Override
    public List<Evaluation> advance(int evaluations) {
        if (evaluations < 1 || evaluations > STRIDE) {
            throw new IllegalArgumentException("from 1 to " + STRIDE + " evaluations at once, not " + evaluations);
        }
        if (exhausted) {
            return List.of();
        }
        for (int left = evaluations; left > 0; left -= Integer.highestOneBit(left)) {
            recording(Integer.highestOneBit(left)).play();
        }
        device.copyToHost(unknowns.ring(), ring.clear());
        device.copyToHost(unknowns.evaluated(), evaluated.clear());
        device.synchronize();
        return told();
    }

    private Device.Recording recording(int evaluations) {
        return recordings.computeIfAbsent(List.of(evaluations, engine.products()), _ -> device.record(() -> {
            for (int each = 0; each < evaluations; each++) {
                engine.launchEvaluation(unknowns.point(), unknowns.gradient());
                optimizer.advance(engine.lossesOnDevice());
            }
        }));
    }

    /** What the ring has of the evaluations since it was read last. */
    private List<Evaluation> told() {
        int total = (int) number(0);
        exhausted = number(1) != 0;
        List<Evaluation> told = new ArrayList<>();
        double[] losses = new double[unknowns.parts()];
        for (; done < total; done++) {
            int row = DeviceUnknowns.HEAD + done % unknowns.rows() * (losses.length + 1);
            for (int part = 0; part < losses.length; part++) {
                losses[part] = number(row + part);
            }
            told.add(new Evaluation(engine.losses(losses), number(row + losses.length) != 0));
        }
        if (!told.isEmpty() && told.getLast().finite()) {
            engine.choose(told.getLast().losses().error());
        }
        return told;
    }

    private double number(int index) {
        return ring.getDouble(index * Double.BYTES);
    }

    @Override
    public boolean exhausted() {
        return exhausted;
    }

    @Override
    public void evaluated(double[] point) {
        evaluated.clear().asDoubleBuffer().get(point);
    }

    @Override
    public void next(double[] point) {
        copy(unknowns.point(), point);
    }

    @Override
    public void best(double[] point) {
        copy(unknowns.best(), point);
    }

    private void copy(Device.Buffer from, double[] to) {
        device.copyToHost(from, transfer.clear());
        device.synchronize();
        transfer.clear().asDoubleBuffer().get(to);
    }

    @Override
    public void close() {
        recordings.values().forEach(Device.Recording::close);
        memory.close();
        module.close();
    }
}
