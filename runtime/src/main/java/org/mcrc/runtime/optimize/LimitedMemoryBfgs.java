package org.mcrc.runtime.optimize;

import java.util.Arrays;

/**
 * L-BFGS: a quasi-Newton direction from the last steps and changes of the gradient, and a line search along it.
 *
 * <p>Source: Nocedal and Wright (2006), "Numerical optimization", algorithms 7.4 (two-loop recursion) and 7.5. Where a line
 * search finds no descent, what was remembered is forgotten and steepest descent tried once; if that fails too, there is no
 * next point.
 */
public final class LimitedMemoryBfgs implements Optimizer {

    private final LimitedMemoryBfgsSettings settings;
    private final CurvaturePairs pairs;

    private double[] origin;
    private double[] originGradient;
    private double originLoss;
    private double[] direction;
    private LineSearch search;

    public LimitedMemoryBfgs(LimitedMemoryBfgsSettings settings) {
        this.settings = settings;
        this.pairs = new CurvaturePairs(settings.history());
    }

    @Override
    public boolean propose(double[] point, double loss, double[] gradient) {
        if (search == null) {
            return begin(point, loss, gradient);
        }
        return switch (search.tell(loss, InnerProducts.dot(gradient, direction))) {
            case SEARCHING -> {
                move(point);
                yield true;
            }
            case ACCEPTED -> {
                pairs.step(origin, originGradient, point, gradient);
                yield begin(point, loss, gradient);
            }
            case FAILED -> {
                System.arraycopy(origin, 0, point, 0, point.length);
                boolean again = !pairs.isEmpty();
                pairs.forget();
                yield again && begin(point, originLoss, originGradient);
            }
        };
    }

    /** Starts a line search from a point along the quasi-Newton direction there. */
    private boolean begin(double[] point, double loss, double[] gradient) {
        if (origin == null) {
            origin = new double[point.length];
            originGradient = new double[point.length];
            direction = new double[point.length];
        }
        System.arraycopy(point, 0, origin, 0, point.length);
        System.arraycopy(gradient, 0, originGradient, 0, gradient.length);
        originLoss = loss;
        pairs.setDirection(originGradient, direction);
        double slope = InnerProducts.dot(originGradient, direction);
        if (!(slope < 0) && !pairs.isEmpty()) {
            pairs.forget();
            pairs.setDirection(originGradient, direction);
            slope = InnerProducts.dot(originGradient, direction);
        }
        if (!(slope < 0)) {
            return false;
        }
        search = new LineSearch(loss, slope, pairs.isEmpty() ? settings.firstStep() / greatest(direction) : 1);
        move(point);
        return true;
    }

    private void move(double[] point) {
        double step = search.step();
        for (int variable = 0; variable < point.length; variable++) {
            point[variable] = origin[variable] + step * direction[variable];
        }
    }

    private static double greatest(double[] vector) {
        return Arrays.stream(vector).map(Math::abs).max().orElse(0);
    }
}
