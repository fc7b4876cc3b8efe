package org.mcrc.runtime.field.sample;

import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.mcrc.runtime.InputError;
import org.mcrc.runtime.field.Extents;
import org.mcrc.runtime.field.Memory;
import org.mcrc.runtime.field.Microstructure;

/**
 * Voronoi cells of uniformly random points, each cell belonging to one phase: a pixel has the phase of the point that
 * is nearest to it, periodic images counted.
 */
public final class VoronoiCells {

    private VoronoiCells() {
    }

    /**
     * Cells whose phases are dealt out at random.
     *
     * @param cells how many, at least as many as phases
     * @param phases 2 to {@value Microstructure#MOST_PHASES}
     * @param fraction the volume fraction of phase 1 of two, met as nearly as whole cells taken in random order allow;
     *     without it every phase gets equally many cells, up to one
     * @throws InputError if a parameter is out of range
     */
    public static Microstructure sample(Extents extents, int cells, int phases, OptionalDouble fraction, long seed) {
        if (phases < 2 || phases > Microstructure.MOST_PHASES) {
            throw new InputError(phases + " phases: 2 to " + Microstructure.MOST_PHASES + " are possible");
        }
        if (cells < phases || cells > extents.pixels()) {
            throw new InputError(cells + " cells: at least one a phase and at most one a pixel is possible, "
                    + phases + " to " + extents.pixels());
        }
        if (fraction.isPresent()) {
            Fractions.require(fraction.getAsDouble());
            if (phases != 2) {
                throw new InputError("--fraction is the volume fraction of phase 1 of two, but --phases is " + phases,
                        "leave one of them out");
            }
        }
        Memory.require("Voronoi cells at " + extents, 4L * extents.pixels() + 100L * cells);
        SeededRandom random = new SeededRandom(seed);
        int[] cellOfPixel = cells(extents, cells, random);
        int[] order = random.permutation(cells);
        int[] phaseOfCell = fraction.isPresent()
                ? phasesByVolume(cellOfPixel, order, fraction.getAsDouble())
                : phasesInTurn(order, phases);
        IntStream.range(0, cellOfPixel.length).forEach(pixel -> cellOfPixel[pixel] = phaseOfCell[cellOfPixel[pixel]]);
        return new Microstructure(extents, cellOfPixel, phases);
    }

    private static int[] cells(Extents extents, int cells, SeededRandom random) {
        // About one point in a bin.
        double spacing = Math.pow((double) extents.pixels() / cells, 1.0 / extents.rank());
        PeriodicPoints points = new PeriodicPoints(extents, spacing);
        int[] box = extents.toArray();
        for (int cell = 0; cell < cells; cell++) {
            points.add(random.point(box));
        }
        int[] cellOfPixel = new int[extents.pixels()];
        IntStream.range(0, cellOfPixel.length).parallel().forEach(pixel -> {
            double[] place = new double[box.length];
            int rest = pixel;
            for (int axis = box.length - 1; axis >= 0; axis--) {
                place[axis] = rest % box[axis];
                rest /= box[axis];
            }
            cellOfPixel[pixel] = points.nearest(place);
        });
        return cellOfPixel;
    }

    private static int[] phasesInTurn(int[] order, int phases) {
        int[] phaseOfCell = new int[order.length];
        for (int position = 0; position < order.length; position++) {
            phaseOfCell[order[position]] = position % phases;
        }
        return phaseOfCell;
    }

    private static int[] phasesByVolume(int[] cellOfPixel, int[] order, double fraction) {
        int[] volumes = new int[order.length];
        for (int cell : cellOfPixel) {
            volumes[cell]++;
        }
        double missing = fraction * cellOfPixel.length;
        int[] phaseOfCell = new int[order.length];
        for (int cell : order) {
            // Taken if that brings the volume nearer to the wanted one.
            if (Math.abs(missing - volumes[cell]) < Math.abs(missing)) {
                phaseOfCell[cell] = 1;
                missing -= volumes[cell];
            }
        }
        return phaseOfCell;
    }
}
