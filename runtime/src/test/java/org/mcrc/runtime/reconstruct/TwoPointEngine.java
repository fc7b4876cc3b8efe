package org.mcrc.runtime.reconstruct;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mcrc.runtime.engine.Engine;
import org.mcrc.runtime.engine.Losses;
import org.mcrc.runtime.engine.Signature;

/**
 * A small engine written by hand: the two-point correlations of every phase (or of a single field) for all vectors of a
 * periodic grid, S[p, r] = mean over x of M[x, p] M[x + r, p], their distance in the l2 or sse loss, and the penalty
 * {@code bound} = mean of (relu(M - 1) + relu(-M))^2 with weight 10 E. The gradient is the closed form
 * dS[p, r]/dM[y, p] = (M[y + r, p] + M[y - r, p]) / pixels.
 */
public final class TwoPointEngine implements Engine {

    private static final double PENALTY_WEIGHT = 10;

    private final int rows;
    private final int columns;
    private final int channels;
    private final boolean single;
    private final boolean squared;
    private final Signature signature;
    private final double[] correlations;
    private final double[] target;
    int evaluations;
    private double[] last;
    boolean closed;

    private TwoPointEngine(Signature signature, boolean single, boolean squared) {
        this.signature = signature;
        this.rows = signature.extents().get(0);
        this.columns = signature.extents().get(1);
        this.channels = signature.fields().getFirst().indicators() ? signature.phases() : 1;
        this.single = single;
        this.squared = squared;
        this.correlations = new double[channels * rows * columns];
        this.target = new double[correlations.length];
    }

    /** One field M with this range. */
    public static TwoPointEngine ofField(int rows, int columns, double low, double high) {
        List<Integer> extents = List.of(rows, columns);
        return new TwoPointEngine(new Signature("twopoint", extents, 2,
                List.of(new Signature.Field("M", extents, low, high, false)),
                List.of(new Signature.Entry("S@1", List.of(rows * columns), "")), List.of(), List.of("bound")),
                false, false);
    }

    /** A field I[p: phases] in [0, 1]. */
    public static TwoPointEngine ofIndicators(int rows, int columns, int phases) {
        return new TwoPointEngine(new Signature("twopoint", List.of(rows, columns), phases,
                List.of(new Signature.Field("I", List.of(rows, columns, phases), 0, 1, true)),
                List.of(new Signature.Entry("S@1", List.of(phases, rows * columns), "")), List.of(), List.of("bound")),
                false, false);
    }

    /** The same, all its results rounded to single precision. */
    public TwoPointEngine inSinglePrecision() {
        return new TwoPointEngine(signature, true, squared);
    }

    /** The same with the loss sse. */
    TwoPointEngine withSquaredLoss() {
        return new TwoPointEngine(signature, single, true);
    }

    private String fieldName() {
        return signature.fields().getFirst().name();
    }

    private int wrap(int row, int column) {
        return Math.floorMod(row, rows) * columns + Math.floorMod(column, columns);
    }

    private double round(double value) {
        return single ? (float) value : value;
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public void characterize(Map<String, double[]> fields) {
        double[] values = fields.get(fieldName());
        last = fields.get(fieldName()).clone();
        Arrays.fill(correlations, 0);
        for (int p = 0; p < channels; p++) {
            for (int r = 0; r < rows; r++) {
                for (int s = 0; s < columns; s++) {
                    double sum = 0;
                    for (int i = 0; i < rows; i++) {
                        for (int j = 0; j < columns; j++) {
                            sum += values[wrap(i, j) * channels + p] * values[wrap(i + r, j + s) * channels + p];
                        }
                    }
                    correlations[p * rows * columns + wrap(r, s)] = round(sum / (rows * columns));
                }
            }
        }
    }

    @Override
    public double[] values(String entry) {
        return correlations.clone();
    }

    @Override
    public void setTarget(String entry, double[] values) {
        if (!entry.equals("S@1") || values.length != target.length) {
            throw new IllegalArgumentException(entry + " " + values.length);
        }
        System.arraycopy(values, 0, target, 0, target.length);
    }

    @Override
    public Losses evaluate(Map<String, double[]> fields) {
        evaluations++;
        characterize(fields);
        return losses();
    }

    @Override
    public Losses losses() {
        double sum = 0;
        for (int position = 0; position < target.length; position++) {
            double difference = correlations[position] - target[position];
            sum += difference * difference;
        }
        double error = round(squared ? sum : Math.sqrt(sum));
        double bound = 0;
        for (double value : last) {
            double outside = Math.max(value - 1, 0) + Math.max(-value, 0);
            bound += outside * outside / (rows * columns);
        }
        return new Losses(error + PENALTY_WEIGHT * error * bound, error, Map.of("bound", bound));
    }

    @Override
    public Losses evaluate(Map<String, double[]> fields, Map<String, double[]> gradients) {
        Losses losses = evaluate(fields);
        double[] values = fields.get(fieldName());
        double[] gradient = gradients.get(fieldName());
        double bound = losses.penalties().get("bound");
        double perDifference = squared ? 2 : losses.error() == 0 ? 0 : 1 / losses.error();
        for (int p = 0; p < channels; p++) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    double slope = 0;
                    for (int r = 0; r < rows; r++) {
                        for (int s = 0; s < columns; s++) {
                            int position = p * rows * columns + wrap(r, s);
                            slope += (correlations[position] - target[position]) * (values[wrap(i + r, j + s) * channels + p]
                                    + values[wrap(i - r, j - s) * channels + p]);
                        }
                    }
                    double value = values[wrap(i, j) * channels + p];
                    double outside = 2 * (Math.max(value - 1, 0) - Math.max(-value, 0)) / (rows * columns);
                    gradient[wrap(i, j) * channels + p] = round(slope * perDifference / (rows * columns)
                            * (1 + PENALTY_WEIGHT * bound) + PENALTY_WEIGHT * losses.error() * outside);
                }
            }
        }
        return losses;
    }

    @Override
    public void close() {
        closed = true;
    }

    /** The descriptor of a field. */
    public Map<String, double[]> descriptorOf(double[] field) {
        characterize(Map.of(fieldName(), field));
        Map<String, double[]> descriptor = new LinkedHashMap<>();
        descriptor.put("S@1", correlations.clone());
        return descriptor;
    }
}
