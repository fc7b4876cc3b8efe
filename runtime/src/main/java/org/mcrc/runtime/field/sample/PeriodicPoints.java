package org.mcrc.runtime.field.sample;

import java.util.Arrays;
import org.mcrc.runtime.field.Extents;

/**
 * Points in a periodic box, sorted into bins so that those near a place are found without looking at all of them.
 * Distances are Euclidean, to the nearest periodic image.
 */
final class PeriodicPoints {

    private final int[] extents;
    private final int[] binCounts;
    private final double[] edges;
    private final int[][] bins;
    private double[][] points = new double[16][];
    private int size;

    /** An empty set with bins whose edges are at least {@code edge} long (or the whole box). */
    PeriodicPoints(Extents extents, double edge) {
        this.extents = extents.toArray();
        int rank = this.extents.length;
        binCounts = new int[rank];
        edges = new double[rank];
        int total = 1;
        for (int axis = 0; axis < rank; axis++) {
            binCounts[axis] = (int) Math.max(1, Math.floor(this.extents[axis] / edge));
            edges[axis] = (double) this.extents[axis] / binCounts[axis];
            total = Math.multiplyExact(total, binCounts[axis]);
        }
        bins = new int[total][];
        Arrays.fill(bins, new int[0]);
    }

    /** Adds a point of the box; points are numbered from 0. */
    void add(double[] point) {
        if (size == points.length) {
            points = Arrays.copyOf(points, 2 * size);
        }
        int bin = 0;
        for (int axis = 0; axis < extents.length; axis++) {
            bin = bin * binCounts[axis] + binOf(point[axis], axis);
        }
        bins[bin] = Arrays.copyOf(bins[bin], bins[bin].length + 1);
        bins[bin][bins[bin].length - 1] = size;
        points[size++] = point;
    }

    private int binOf(double coordinate, int axis) {
        return Math.min((int) (coordinate / edges[axis]), binCounts[axis] - 1);
    }

    /** The number of the point nearest to this place; of equally near ones the first. There must be a point. */
    int nearest(double[] place) {
        Search search = new Search(place);
        int ring = 0;
        while (!search.isComplete(ring)) {
            search.visitRing(ring++);
        }
        return search.nearest;
    }

    /**
     * Whether a point lies nearer to this place than the distance, which is at most the edge given to the constructor.
     */
    boolean anyNearer(double[] place, double distance) {
        Search search = new Search(place);
        search.visitRing(0);
        search.visitRing(1);
        return search.squaredDistance < distance * distance;
    }

    /** A search in growing shells of bins around a place. */
    private final class Search {

        private final double[] place;
        private final int[] centre;
        private int nearest = -1;
        private double squaredDistance = Double.POSITIVE_INFINITY;

        Search(double[] place) {
            this.place = place;
            centre = new int[place.length];
            for (int axis = 0; axis < place.length; axis++) {
                centre[axis] = binOf(place[axis], axis);
            }
        }

        /** Whether no unvisited bin can hold a nearer point, rings 0 … ring - 1 having been visited. */
        boolean isComplete(int ring) {
            double reach = Double.POSITIVE_INFINITY;
            for (int axis = 0; axis < extents.length; axis++) {
                boolean wholeAxis = 2 * ring - 1 >= binCounts[axis];
                if (!wholeAxis) {
                    reach = Math.min(reach, (ring - 1) * edges[axis]);
                }
            }
            return reach == Double.POSITIVE_INFINITY || reach > 0 && squaredDistance < reach * reach;
        }

        /** Visits the bins whose greatest offset along an axis is the ring's number. */
        void visitRing(int ring) {
            visit(0, 0, ring, ring == 0);
        }

        private void visit(int axis, int bin, int ring, boolean onRing) {
            if (axis == extents.length) {
                if (onRing) {
                    visitBin(bin);
                }
                return;
            }
            // Offsets beyond half the bins are the same bins again.
            int lowest = Math.max(-ring, -((binCounts[axis] - 1) / 2));
            int highest = Math.min(ring, binCounts[axis] / 2);
            for (int offset = lowest; offset <= highest; offset++) {
                int along = Math.floorMod(centre[axis] + offset, binCounts[axis]);
                visit(axis + 1, bin * binCounts[axis] + along, ring, onRing || Math.abs(offset) == ring);
            }
        }

        private void visitBin(int bin) {
            for (int point : bins[bin]) {
                double squared = 0;
                for (int axis = 0; axis < extents.length; axis++) {
                    double difference = Math.abs(points[point][axis] - place[axis]);
                    double shortest = Math.min(difference, extents[axis] - difference);
                    squared += shortest * shortest;
                }
                if (squared < squaredDistance || squared == squaredDistance && point < nearest) {
                    squaredDistance = squared;
                    nearest = point;
                }
            }
        }
    }
}
