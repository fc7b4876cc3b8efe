package org.mcrc.runtime.field.sample;

import java.util.Locale;
import java.util.Optional;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.field.Memory;
import org.mcrc.runtime.field.Microstructure;

/**
 * Disks (in three dimensions balls) of one radius at random places, phase 1, in a matrix, phase 0. A pixel belongs to a
 * disk if its centre does.
 *
 * <p>Overlapping disks are independent of each other. Those that do not overlap are placed one after the other, each at
 * a uniformly random place among those still free (random sequential addition); more than about 0.54 of a plane or 0.38
 * of a space cannot be filled this way.
 */
public final class RandomBalls {

    /** So many vain attempts in a row are taken to mean that there is no room left. */
    private static final int VAIN_ATTEMPTS = 100_000;

    private final Extents extents;
    private final double radius;
    private final int[] labels;
    private long covered;

    private RandomBalls(Extents extents, double radius) {
        this.extents = extents;
        this.radius = radius;
        Memory.require("disks at " + extents, 4L * extents.pixels());
        labels = new int[extents.pixels()];
    }

    /**
     * Disks until their volume fraction is as near to {@code fraction} as whole disks allow;
     * at least one is placed.
     *
     * @param radius in pixels, at least 0.5 and at most half the smallest extent
     * @param fraction between 0 and 1
     * @throws InputError if a parameter is out of range, or so many disks do not fit without overlap
     */
    public static Microstructure sample(
            Extents extents, double radius, double fraction, boolean overlapping, long seed) {
        double largest = extents.values().stream().mapToInt(Integer::intValue).min().orElseThrow() / 2.0;
        if (!(radius >= 0.5 && radius <= largest)) {
            throw new InputError("a radius of " + radius + " pixels does not fit " + extents,
                    "take one between 0.5 and " + largest);
        }
        Fractions.require(fraction);
        RandomBalls balls = new RandomBalls(extents, radius);
        balls.fill(fraction * extents.pixels(), fraction, overlapping, new SeededRandom(seed));
        return new Microstructure(extents, balls.labels, 2);
    }

    private void fill(double wanted, double fraction, boolean overlapping, SeededRandom random) {
        double volume = Math.PI * radius * radius * (extents.rank() == 2 ? 1 : 4 / 3.0 * radius);
        PeriodicPoints centres = new PeriodicPoints(extents, 2 * radius);
        while (true) {
            Optional<double[]> free =
                    overlapping ? Optional.of(random.point(extents.toArray())) : freePlace(centres, random);
            if (free.isEmpty() && wanted - covered > volume / 2) {
                throw new InputError(String.format(Locale.ROOT,
                        "disks of radius %s that do not overlap fill %.3f of %s, and there is no room for more",
                        radius, (double) covered / labels.length, extents),
                        "lower --fraction " + fraction + ", or allow --overlap");
            }
            if (free.isEmpty()) {
                return;
            }
            double[] centre = free.get();
            long before = covered;
            paint(0, 0, radius * radius, centre, 0, 2);
            boolean enough = covered >= wanted;
            boolean keep = !enough || before == 0 || covered - wanted <= wanted - before;
            // The newest disk's own pixels have a label of their own until it is known whether it stays.
            paint(0, 0, radius * radius, centre, 2, keep ? 1 : 0);
            if (enough) {
                return;
            }
            if (!overlapping) {
                centres.add(centre);
            }
        }
    }

    private Optional<double[]> freePlace(PeriodicPoints centres, SeededRandom random) {
        for (int attempt = 0; attempt < VAIN_ATTEMPTS; attempt++) {
            double[] place = random.point(extents.toArray());
            if (!centres.anyNearer(place, 2 * radius)) {
                return Optional.of(place);
            }
        }
        return Optional.empty();
    }

    /** Gives the pixels of a disk that have the label {@code from} the label {@code to}. */
    private void paint(int axis, int pixel, double squared, double[] centre, int from, int to) {
        if (axis == extents.rank()) {
            if (labels[pixel] == from) {
                covered += (to == 0 ? 0 : 1) - (from == 0 ? 0 : 1);
                labels[pixel] = to;
            }
            return;
        }
        double half = Math.sqrt(squared);
        int first = (int) Math.ceil(centre[axis] - half);
        int last = (int) Math.floor(centre[axis] + half);
        for (int coordinate = first; coordinate <= last; coordinate++) {
            double distance = coordinate - centre[axis];
            double rest = squared - distance * distance;
            if (rest >= 0) {
                int along = Math.floorMod(coordinate, extents.get(axis));
                paint(axis + 1, pixel * extents.get(axis) + along, rest, centre, from, to);
            }
        }
    }
}
