package org.mcrc.runtime.optimize;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;

/**
 * L-BFGS: a quasi-Newton direction from the last steps and changes of the gradient, and a line search along it.
 *
 * <p>Source: Nocedal and Wright (2006), "Numerical optimization", algorithms 7.4 (two-loop recursion) and 7.5. Where a line
 * search finds no descent, what was remembered is forgotten and steepest descent tried once; if that fails too, there is no
 * next point.
 */
public final class LimitedMemoryBfgs implements Optimizer {

    /** A pair is remembered where s·y is above this share of y·y, so that the approximate Hessian stays positive definite. */
    private static final double LEAST_CURVATURE = 1e-10;

    /**
     * A step, the gradient's change over it, and 1 / (s·y).
     *
     * @param s the step
     * @param y the change of the gradient
     */
    private record Pair(double[] s, double[] y, double inverseProduct) {
    }

    private final LimitedMemoryBfgsSettings settings;
    private final Deque<Pair> pairs = new ArrayDeque<>();

    private double[] origin;
    private double[] originGradient;
    private double originLoss;
    private double[] direction;
    private LineSearch search;

    public LimitedMemoryBfgs(LimitedMemoryBfgsSettings settings) {
        this.settings = settings;
    }

    @Override
    public boolean propose(double[] point, double loss, double[] gradient) {
        if (search == null) {
            return begin(point, loss, gradient);
        }
        return switch (search.tell(loss, dot(gradient, direction))) {
            case SEARCHING -> {
                move(point);
                yield true;
            }
            case ACCEPTED -> {
                remember(point, gradient);
                yield begin(point, loss, gradient);
            }
            case FAILED -> {
                System.arraycopy(origin, 0, point, 0, point.length);
                boolean again = !pairs.isEmpty();
                pairs.clear();
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
        setDirection();
        double slope = dot(originGradient, direction);
        if (!(slope < 0) && !pairs.isEmpty()) {
            pairs.clear();
            setDirection();
            slope = dot(originGradient, direction);
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

    private void remember(double[] point, double[] gradient) {
        double[] s = new double[point.length];
        double[] y = new double[point.length];
        for (int variable = 0; variable < point.length; variable++) {
            s[variable] = point[variable] - origin[variable];
            y[variable] = gradient[variable] - originGradient[variable];
        }
        double product = dot(s, y);
        if (product > LEAST_CURVATURE * dot(y, y)) {
            if (pairs.size() == settings.history()) {
                pairs.removeFirst();
            }
            pairs.addLast(new Pair(s, y, 1 / product));
        }
    }

    /** The two-loop recursion: minus the approximate inverse Hessian times the gradient. */
    private void setDirection() {
        for (int variable = 0; variable < direction.length; variable++) {
            direction[variable] = -originGradient[variable];
        }
        if (pairs.isEmpty()) {
            return;
        }
        double[] weights = new double[pairs.size()];
        int number = pairs.size();
        for (Iterator<Pair> newestFirst = pairs.descendingIterator(); newestFirst.hasNext(); ) {
            Pair pair = newestFirst.next();
            weights[--number] = pair.inverseProduct * dot(pair.s, direction);
            add(direction, -weights[number], pair.y);
        }
        Pair newest = pairs.getLast();
        double scale = 1 / (newest.inverseProduct * dot(newest.y, newest.y));
        for (int variable = 0; variable < direction.length; variable++) {
            direction[variable] *= scale;
        }
        for (Pair pair : pairs) {
            add(direction, weights[number++] - pair.inverseProduct * dot(pair.y, direction), pair.s);
        }
    }

    private static void add(double[] target, double factor, double[] vector) {
        for (int variable = 0; variable < target.length; variable++) {
            target[variable] += factor * vector[variable];
        }
    }

    private static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int variable = 0; variable < left.length; variable++) {
            sum += left[variable] * right[variable];
        }
        return sum;
    }

    private static double greatest(double[] vector) {
        return Arrays.stream(vector).map(Math::abs).max().orElse(0);
    }
}
