package org.mcrc.runtime.optimize;

/**
 * The last steps of L-BFGS with the gradient's changes over them, and the direction that they give.
 *
 * <p>The two-loop recursion (Nocedal and Wright 2006, algorithm 7.4) is done on inner products. All vectors that it makes are
 * combinations of the gradient, the steps s and the changes y, so what it needs are numbers s·y, y·y, s·g and y·g; the
 * direction is then one combination. Each step brings a column of the first two. So all that is remembered is read from
 * memory twice for a step, a stretch at a time beside vectors that stay in the caches, where the recursion on vectors goes
 * through the direction forty times besides.
 */
final class CurvaturePairs {

    /** A pair is remembered where s·y is above this share of y·y, so that the approximate Hessian stays positive definite. */
    private static final double LEAST_CURVATURE = 1e-10;

    /**
     * How much of each vector is worked on at a time: a few of these fit into a second-level cache, and are long enough for
     * the hardware to fetch ahead.
     */
    private static final int STRETCH = 16384;

    /** Of each place the step; null until it is needed first. */
    private final double[][] steps;
    private final double[][] changes;
    private final double[][] stepsByChanges;
    private final double[][] changesByChanges;
    private final double[] stepsByGradient;
    private final double[] changesByGradient;
    private int oldest;
    private int count;

    /**
     * Remembers nothing yet.
     *
     * @param most how many pairs are remembered, the newest ones
     */
    CurvaturePairs(int most) {
        steps = new double[most][];
        changes = new double[most][];
        stepsByChanges = new double[most][most];
        changesByChanges = new double[most][most];
        stepsByGradient = new double[most];
        changesByGradient = new double[most];
    }

    boolean isEmpty() {
        return count == 0;
    }

    void forget() {
        oldest = 0;
        count = 0;
    }

    /** Where the pair of this age is: 0 is the oldest. */
    private int place(int age) {
        return (oldest + age) % steps.length;
    }

    /** Remembers the step from one point to another if it says something of the curvature. {@link #setDirection} is for there. */
    void step(double[] from, double[] fromGradient, double[] to, double[] toGradient) {
        double product = 0;
        double square = 0;
        for (int variable = 0; variable < to.length; variable++) {
            double change = toGradient[variable] - fromGradient[variable];
            product += (to[variable] - from[variable]) * change;
            square += change * change;
        }
        if (product > LEAST_CURVATURE * square) {
            add(from, fromGradient, to, toGradient);
        }
        if (count > 0) {
            multiply(toGradient);
        }
    }

    private void add(double[] from, double[] fromGradient, double[] to, double[] toGradient) {
        if (count == steps.length) {
            oldest = place(1);
        } else {
            count++;
        }
        int newest = place(count - 1);
        if (steps[newest] == null) {
            steps[newest] = new double[to.length];
            changes[newest] = new double[to.length];
        }
        double[] step = steps[newest];
        double[] change = changes[newest];
        for (int variable = 0; variable < to.length; variable++) {
            step[variable] = to[variable] - from[variable];
            change[variable] = toGradient[variable] - fromGradient[variable];
        }
    }

    /** The products of all steps and changes with the newest change, which may be that of the last time, and the gradient. */
    private void multiply(double[] gradient) {
        int newest = place(count - 1);
        double[] sums = new double[4 * count];
        for (int from = 0; from < gradient.length; from += STRETCH) {
            int to = Math.min(gradient.length, from + STRETCH);
            for (int age = 0; age < count; age++) {
                int place = place(age);
                InnerProducts.addProducts(steps[place], changes[place], changes[newest], gradient, from, to, sums, 4 * age);
            }
        }
        for (int age = 0; age < count; age++) {
            int place = place(age);
            stepsByChanges[place][newest] = sums[4 * age];
            stepsByGradient[place] = sums[4 * age + 1];
            changesByChanges[place][newest] = sums[4 * age + 2];
            changesByChanges[newest][place] = sums[4 * age + 2];
            changesByGradient[place] = sums[4 * age + 3];
        }
    }

    /**
     * Minus the approximate inverse Hessian times the gradient.
     *
     * @param gradient where the last step led to, unless nothing is remembered
     */
    void setDirection(double[] gradient, double[] direction) {
        double[] ofSteps = new double[count];
        double[] ofChanges = new double[count];
        double scale = count == 0 ? 1 : recur(ofSteps, ofChanges);
        for (int from = 0; from < direction.length; from += STRETCH) {
            int to = Math.min(direction.length, from + STRETCH);
            for (int variable = from; variable < to; variable++) {
                direction[variable] = -scale * gradient[variable];
            }
            for (int age = 0; age + 1 < count; age += 2) {
                int place = place(age);
                int next = place(age + 1);
                addFour(ofSteps[age], steps[place], ofChanges[age], changes[place], ofSteps[age + 1], steps[next],
                        ofChanges[age + 1], changes[next], from, to, direction);
            }
            if (count % 2 != 0) {
                int newest = place(count - 1);
                addTwo(ofSteps[count - 1], steps[newest], ofChanges[count - 1], changes[newest], from, to, direction);
            }
        }
    }

    /**
     * The recursion: how much of each step and of each change the direction has.
     *
     * @return how much of minus the gradient it has
     */
    private double recur(double[] ofSteps, double[] ofChanges) {
        int last = place(count - 1);
        double scale = stepsByChanges[last][last] / changesByChanges[last][last];
        double[] weights = new double[count];
        for (int age = count - 1; age >= 0; age--) {
            int place = place(age);
            double product = -stepsByGradient[place];
            for (int newer = age + 1; newer < count; newer++) {
                product -= weights[newer] * stepsByChanges[place][place(newer)];
            }
            weights[age] = product / stepsByChanges[place][place];
        }
        for (int age = 0; age < count; age++) {
            ofChanges[age] = -scale * weights[age];
        }
        for (int age = 0; age < count; age++) {
            int place = place(age);
            double product = -scale * changesByGradient[place];
            for (int other = 0; other < count; other++) {
                product += ofChanges[other] * changesByChanges[place][place(other)];
            }
            for (int older = 0; older < age; older++) {
                product += ofSteps[older] * stepsByChanges[place(older)][place];
            }
            ofSteps[age] = weights[age] - product / stepsByChanges[place][place];
        }
        return scale;
    }

    private static void addTwo(double ofA, double[] a, double ofB, double[] b, int from, int to, double[] target) {
        for (int k = from; k < to; k++) {
            target[k] += ofA * a[k] + ofB * b[k];
        }
    }

    private static void addFour(double ofA, double[] a, double ofB, double[] b, double ofC, double[] c, double ofD, double[] d,
            int from, int to, double[] target) {
        for (int k = from; k < to; k++) {
            target[k] += ofA * a[k] + ofB * b[k] + (ofC * c[k] + ofD * d[k]);
        }
    }
}
