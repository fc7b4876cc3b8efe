package org.mcrc.runtime.optimize;

/**
 * Looks along a direction of descent for a step that satisfies the strong Wolfe conditions: the loss has fallen by a fair
 * share of what the slope promised, and the slope has become flat. One evaluation at a time: {@link #step} is where to
 * evaluate next, {@link #tell} what was found there.
 *
 * <p>Source: Nocedal and Wright (2006), "Numerical optimization", algorithms 3.5 (bracketing) and 3.6 (zoom), with steps from
 * the cubic through two losses and two slopes (equation 3.59), kept away from the ends of the bracket.
 */
final class LineSearch {

    /** The share of the promised decrease that is asked for: c1 of equation 3.7. */
    private static final double DECREASE = 1e-4;

    /** The share of the first slope that may be left: c2 of equation 3.7, the usual one for quasi-Newton directions. */
    private static final double CURVATURE = 0.9;

    /** A bracket that has not been found is looked for at most so many times further out. */
    private static final double MOST_EXPANSION = 10;

    /** Steps stay this share of the bracket away from its ends. */
    private static final double MARGIN = 0.1;

    private static final int MOST_EVALUATIONS = 25;

    /** Where the search stands after {@link #tell}. */
    enum State {
        /** {@link #step} is to be evaluated. */
        SEARCHING,
        /** The last step told satisfies the conditions, or lowers the loss and nothing better was found in time. */
        ACCEPTED,
        /** No step lowers the loss. */
        FAILED
    }

    /** A step, the loss there and its slope along the direction. */
    private record Sample(double step, double loss, double slope) {
    }

    private final Sample start;
    private Sample previous;
    private Sample low;
    private Sample high;
    private double step;
    private int evaluations;
    private boolean lastResort;

    /**
     * Begins a search.
     *
     * @param loss at the start
     * @param slope the derivative of the loss along the direction there, negative
     * @param step the first step to try, positive
     */
    LineSearch(double loss, double slope, double step) {
        this.start = new Sample(0, loss, slope);
        this.previous = start;
        this.step = step;
    }

    /** The step to be evaluated. */
    double step() {
        return step;
    }

    /**
     * Takes the loss and its slope along the direction at {@link #step}. A loss that is no finite number is one that is too
     * large.
     */
    State tell(double loss, double slope) {
        evaluations++;
        if (lastResort) {
            return loss < start.loss ? State.ACCEPTED : State.FAILED;
        }
        Sample sample = new Sample(step, Double.isFinite(loss) && Double.isFinite(slope) ? loss : Double.POSITIVE_INFINITY,
                Double.isFinite(slope) ? slope : Double.POSITIVE_INFINITY);
        if (isSteepEnough(sample) && Math.abs(sample.slope) <= -CURVATURE * start.slope) {
            return State.ACCEPTED;
        }
        if (evaluations >= MOST_EVALUATIONS) {
            return giveUp(sample);
        }
        if (low == null) {
            bracket(sample);
        } else {
            narrow(sample);
        }
        if (low != null && Math.abs(high.step - low.step) <= 1e-9 * Math.max(high.step, low.step)) {
            return giveUp(sample);
        }
        return State.SEARCHING;
    }

    private boolean isSteepEnough(Sample sample) {
        return sample.loss <= start.loss + DECREASE * sample.step * start.slope;
    }

    /** Takes the best step there was; one that is not the last has to be evaluated again. */
    private State giveUp(Sample last) {
        if (low != null && low.step > 0 && low.loss < Math.min(start.loss, last.loss)) {
            lastResort = true;
            step = low.step;
            return State.SEARCHING;
        }
        return last.loss < start.loss ? State.ACCEPTED : State.FAILED;
    }

    /** The first steps, further and further out, until two enclose one that will do. */
    private void bracket(Sample sample) {
        if (!isSteepEnough(sample) || evaluations > 1 && sample.loss >= previous.loss) {
            enclose(previous, sample);
        } else if (sample.slope >= 0) {
            enclose(sample, previous);
        } else {
            double furthest = MOST_EXPANSION * sample.step;
            double cubic = minimum(previous, sample);
            step = Double.isFinite(cubic) && cubic > sample.step ? Math.clamp(cubic, sample.step * 1.1, furthest) : furthest;
            previous = sample;
        }
    }

    /** One end of the bracket, that with the higher loss, or the lower one's, moves to the sample. */
    private void narrow(Sample sample) {
        if (!isSteepEnough(sample) || sample.loss >= low.loss) {
            enclose(low, sample);
        } else {
            enclose(sample, sample.slope * (high.step - low.step) >= 0 ? low : high);
        }
    }

    private void enclose(Sample newLow, Sample newHigh) {
        low = newLow;
        high = newHigh;
        double left = Math.min(low.step, high.step);
        double right = Math.max(low.step, high.step);
        double margin = MARGIN * (right - left);
        double cubic = Double.isFinite(high.loss) ? minimum(low, high) : Double.NaN;
        step = Double.isFinite(cubic) ? Math.clamp(cubic, left + margin, right - margin) : (left + right) / 2;
    }

    /** Where the cubic through two samples with their slopes has its minimum; not a number where it has none. */
    private static double minimum(Sample a, Sample b) {
        double secant = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.step - b.step);
        double discriminant = secant * secant - a.slope * b.slope;
        if (!(discriminant >= 0)) {
            return Double.NaN;
        }
        double root = Math.signum(b.step - a.step) * Math.sqrt(discriminant);
        return b.step - (b.step - a.step) * (b.slope + root - secant) / (b.slope - a.slope + 2 * root);
    }
}
